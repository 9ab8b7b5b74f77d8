/*
 * The TPM Base Services of Windows (tbs.dll), which tests compile: by mingw's header, over a TPM in software that listens
 * on ANYROLE_TEST_TPM_PORT of this machine. Arguments that differ from what Microsoft's pages say are refused.
 */
#include <winsock2.h>
#include <tbs.h>
#include <stdlib.h>
#include <string.h>

/* TBS_CONTEXT_PARAMS2, which mingw's header lacks. */
typedef struct {
  UINT32 version;
  union {
    struct {
      UINT32 requestRaw : 1;
      UINT32 includeTpm12 : 1;
      UINT32 includeTpm20 : 1;
    };
    UINT32 asUINT32;
  };
} CONTEXT_PARAMS2;

/* A handle above 2^32, as addresses are; the socket is behind it. */
#define CONTEXT ((TBS_HCONTEXT)0x7ff812345678)

static SOCKET tpm = INVALID_SOCKET;

TBS_RESULT WINAPI Tbsi_Context_Create(const TBS_CONTEXT_PARAMS *given, TBS_HCONTEXT *context) {
  const CONTEXT_PARAMS2 *params = (const CONTEXT_PARAMS2 *)given;
  if (context == NULL) return TBS_E_INVALID_OUTPUT_POINTER;
  if (params == NULL || params->version != 2 || !params->includeTpm20 || params->asUINT32 != 4)
    return TBS_E_INVALID_CONTEXT_PARAM;
  if (tpm != INVALID_SOCKET) return TBS_E_TOO_MANY_TBS_CONTEXTS;
  const char *port = getenv("ANYROLE_TEST_TPM_PORT");
  if (port == NULL) return TBS_E_TPM_NOT_FOUND;
  WSADATA data;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return TBS_E_INTERNAL_ERROR;
  tpm = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(tpm, (struct sockaddr *)&address, sizeof address) != 0) {
    closesocket(tpm);
    tpm = INVALID_SOCKET;
    return TBS_E_SERVICE_NOT_RUNNING;
  }
  *context = CONTEXT;
  return 0;
}

static int receive(BYTE *into, int length) {
  for (int at = 0; at < length;) {
    int got = recv(tpm, (char *)into + at, length - at, 0);
    if (got <= 0) return 0;
    at += got;
  }
  return 1;
}

TBS_RESULT WINAPI Tbsip_Submit_Command(TBS_HCONTEXT context, TBS_COMMAND_LOCALITY locality, TBS_COMMAND_PRIORITY priority,
                                       const BYTE *command, UINT32 length, BYTE *response, UINT32 *room) {
  if (context != CONTEXT || tpm == INVALID_SOCKET) return 0x80284004; /* TBS_E_INVALID_CONTEXT */
  if (locality != TBS_COMMAND_LOCALITY_ZERO || priority != TBS_COMMAND_PRIORITY_NORMAL) return TBS_E_BAD_PARAMETER;
  if (length < 10 || ntohl(*(const UINT32 *)(command + 2)) != length) return TBS_E_BAD_PARAMETER;
  if (*room < 4096) return TBS_E_INSUFFICIENT_BUFFER;
  if (send(tpm, (const char *)command, length, 0) != (int)length || !receive(response, 10)) return TBS_E_IOERROR;
  UINT32 size = ntohl(*(UINT32 *)(response + 2));
  if (size > *room) return TBS_E_BUFFER_TOO_LARGE;
  if (!receive(response + 10, size - 10)) return TBS_E_IOERROR;
  *room = size;
  return 0;
}

TBS_RESULT WINAPI Tbsip_Context_Close(TBS_HCONTEXT context) {
  if (context != CONTEXT || tpm == INVALID_SOCKET) return 0x80284004;
  closesocket(tpm);
  tpm = INVALID_SOCKET;
  WSACleanup();
  return 0;
}
