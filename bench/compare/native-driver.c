/*
 * What a C program does with certificates, so many times: libcrypto from DER. Prints the milliseconds.
 *
 *     libcrypto parse  count time leaf
 *     libcrypto verify count time leaf intermediate root
 *
 * `time` is in seconds since the epoch, certificates are hexadecimal. `parse` reads the fields too, `verify` parses leaf and
 * intermediate each time.
 */
#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct octets {
  unsigned char *data;
  long length;
};

static struct octets parsed(const char *hexadecimal) {
  struct octets octets;
  octets.data = OPENSSL_hexstr2buf(hexadecimal, &octets.length);
  if (!octets.data) exit(2);
  return octets;
}

static X509 *certificate(struct octets octets) {
  const unsigned char *at = octets.data;
  X509 *read = d2i_X509(NULL, &at, octets.length);
  if (!read) exit(1);
  return read;
}

static void parse(struct octets leaf) {
  X509 *read = certificate(leaf);
  char name[512];
  struct tm tm;
  X509_NAME_oneline(X509_get_issuer_name(read), name, sizeof name);
  X509_NAME_oneline(X509_get_subject_name(read), name, sizeof name);
  if (!ASN1_TIME_to_tm(X509_get0_notBefore(read), &tm) || !ASN1_TIME_to_tm(X509_get0_notAfter(read), &tm)) exit(1);
  if (!X509_get0_serialNumber(read) || !X509_get0_pubkey(read) || X509_get_ext_count(read) < 1) exit(1);
  X509_free(read);
}

static void verify(struct octets leaf, struct octets intermediate, X509_STORE *store, time_t at) {
  X509 *read = certificate(leaf);
  STACK_OF(X509) *untrusted = sk_X509_new_null();
  sk_X509_push(untrusted, certificate(intermediate));
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, read, untrusted);
  X509_STORE_CTX_set_time(context, 0, at);
  if (X509_verify_cert(context) != 1) {
    fprintf(stderr, "%s\n", X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
    exit(1);
  }
  X509_STORE_CTX_free(context);
  sk_X509_pop_free(untrusted, X509_free);
  X509_free(read);
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  if (count == 2 && !strcmp(arguments[1], "version")) return puts(OpenSSL_version(OPENSSL_VERSION)) < 0;
  if (count < 5) return 2;
  int verifies = !strcmp(arguments[1], "verify") && count == 7;
  struct octets leaf = parsed(arguments[4]);
  struct octets intermediate = {0};
  X509_STORE *store = X509_STORE_new();
  if (verifies) {
    intermediate = parsed(arguments[5]);
    X509_STORE_add_cert(store, certificate(parsed(arguments[6])));
  }
  double start = milliseconds();
  for (long left = atol(arguments[2]); left > 0; left--) {
    if (verifies) verify(leaf, intermediate, store, atol(arguments[3]));
    else parse(leaf);
  }
  printf("%f\n", milliseconds() - start);
  return 0;
}
