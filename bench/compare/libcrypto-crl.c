/*
 * What a C program does with a revocation list: d2i, look up, verify. Prints the version of libcrypto and the
 * milliseconds that the three took together; the file is in memory before.
 *
 *     libcrypto-crl list.der issuer.der serial-in-hexadecimal
 */
#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static unsigned char *contents(const char *path, long *length) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) return NULL;
  *length = ftell(file);
  rewind(file);
  unsigned char *octets = malloc(*length);
  if (!octets || fread(octets, 1, *length, file) != (size_t)*length) return NULL;
  fclose(file);
  return octets;
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  long list_length, issuer_length;
  const unsigned char *list = contents(arguments[1], &list_length);
  const unsigned char *issuer = contents(arguments[2], &issuer_length);
  BIGNUM *number = NULL;
  if (!list || !issuer || !BN_hex2bn(&number, arguments[3])) return 2;
  ASN1_INTEGER *serial = BN_to_ASN1_INTEGER(number, NULL);
  X509 *certificate = d2i_X509(NULL, &issuer, issuer_length);
  EVP_PKEY *key = X509_get0_pubkey(certificate);

  double start = milliseconds();
  X509_CRL *crl = d2i_X509_CRL(NULL, &list, list_length);
  X509_REVOKED *entry = NULL;
  int found = crl && X509_CRL_get0_by_serial(crl, &entry, serial) == 1;
  int verified = crl && X509_CRL_verify(crl, key) == 1;
  double time = milliseconds() - start;

  if (!found || !verified) return 1;
  printf("%s\n%f\n", OpenSSL_version(OPENSSL_VERSION), time);
  return 0;
}
