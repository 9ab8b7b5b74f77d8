/*
 * A PKCS#11 module of Windows with one token, which tests compile: objects lie in a file, the one key (P-256) is made and
 * used by Windows' own cryptography. The structures are those of p11-kit's header, packed as on every Windows; what a
 * caller laid out differently is refused.
 *
 * ANYROLE_TEST_TOKEN names the folder of the files; ANYROLE_TEST_PIN is the PIN. The file of the objects holds, for each
 * attribute, its object's handle, its type and its length (32 bits each), and its value. Handles have their highest bit set.
 */
#include <windows.h>
#include <bcrypt.h>
#include <stdio.h>
#include <string.h>
#define CRYPTOKI_EXPORTS
#include <p11-kit/pkcs11.h>

_Static_assert(sizeof(CK_ULONG) == 4, "unsigned long has 4 octets");
_Static_assert(sizeof(CK_ATTRIBUTE) == 16 && offsetof(CK_ATTRIBUTE, pValue) == 4, "attributes are packed");
_Static_assert(offsetof(CK_FUNCTION_LIST, C_Initialize) == 2, "the function list is packed");

enum { MAX_ATTRIBUTES = 256, MAX_SESSIONS = 64, FIRST_OBJECT = 0xc0000001, FIRST_SESSION = 0x80000001, SLOT = 0xfffffff0 };

typedef struct {
  CK_ULONG object, type, length;
  CK_BYTE *value;
} Stored;

typedef struct {
  BOOL open, signing;
  CK_ULONG found[MAX_ATTRIBUTES], count, next;
} Session;

static Stored store[MAX_ATTRIBUTES];
static CK_ULONG stored, last_object;
static Session sessions[MAX_SESSIONS];
static CRITICAL_SECTION lock;
static BOOL initialized, logged_in;
static BCRYPT_ALG_HANDLE ecdsa;
static BCRYPT_KEY_HANDLE key;

static const CK_BYTE P256_OID[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

static FILE *open_file(const char *name, const char *mode) {
  char path[MAX_PATH];
  snprintf(path, sizeof path, "%s\\%s", getenv("ANYROLE_TEST_TOKEN"), name);
  return fopen(path, mode);
}

static void keep(CK_ULONG object, CK_ULONG type, CK_ULONG length, const void *value) {
  CK_BYTE *copy = malloc(length + 1);
  memcpy(copy, value, length);
  store[stored++] = (Stored){object, type, length, copy};
  if (object > last_object) last_object = object;
}

static void load_objects(void) {
  FILE *file = open_file("objects", "rb");
  CK_ULONG head[3];
  stored = 0;
  last_object = FIRST_OBJECT - 1;
  if (file == NULL) return;
  while (stored < MAX_ATTRIBUTES && fread(head, 4, 3, file) == 3) {
    CK_BYTE *value = malloc(head[2] + 1);
    fread(value, 1, head[2], file);
    keep(head[0], head[1], head[2], value);
    free(value);
  }
  fclose(file);
}

static void save_objects(void) {
  FILE *file = open_file("objects", "wb");
  for (CK_ULONG i = 0; i < stored; i++) {
    CK_ULONG head[] = {store[i].object, store[i].type, store[i].length};
    fwrite(head, 4, 3, file);
    fwrite(store[i].value, 1, store[i].length, file);
  }
  fclose(file);
}

static void load_key(void) {
  CK_BYTE blob[256];
  FILE *file = open_file("key", "rb");
  if (file == NULL) return;
  ULONG length = fread(blob, 1, sizeof blob, file);
  fclose(file);
  if (BCryptImportKeyPair(ecdsa, NULL, BCRYPT_ECCPRIVATE_BLOB, &key, blob, length, 0) != 0) key = NULL;
}

static Stored *attribute(CK_ULONG object, CK_ULONG type) {
  for (CK_ULONG i = 0; i < stored; i++)
    if (store[i].object == object && store[i].type == type) return &store[i];
  return NULL;
}

static BOOL is_private(CK_ULONG object) {
  Stored *found = attribute(object, CKA_PRIVATE);
  return found != NULL && found->value[0] != 0;
}

static Session *session_of(CK_SESSION_HANDLE handle) {
  CK_ULONG i = handle - FIRST_SESSION;
  return initialized && i < MAX_SESSIONS && sessions[i].open ? &sessions[i] : NULL;
}

/* Whether a template is laid out as ours: numbers have 4 octets, and no value is NULL. */
static BOOL is_sound(const CK_ATTRIBUTE *template, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) {
    CK_ULONG type = template[i].type, length = template[i].ulValueLen;
    if (type > 0x40000600 || length > 65536 || (length > 0 && template[i].pValue == NULL)) return FALSE;
    if ((type == CKA_CLASS || type == CKA_KEY_TYPE || type == CKA_CERTIFICATE_TYPE) && length != 4) return FALSE;
    if ((type == CKA_TOKEN || type == CKA_PRIVATE || type == CKA_SIGN || type == CKA_SENSITIVE) && length != 1) return FALSE;
  }
  return TRUE;
}

static BOOL fits(CK_ULONG object, const CK_ATTRIBUTE *template, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) {
    Stored *found = attribute(object, template[i].type);
    if (found == NULL || found->length != template[i].ulValueLen) return FALSE;
    if (memcmp(found->value, template[i].pValue, found->length) != 0) return FALSE;
  }
  return TRUE;
}

static void pad(CK_UTF8CHAR *field, size_t length, const char *text) {
  memset(field, ' ', length);
  memcpy(field, text, strlen(text));
}

#define GUARDED(...)             \
  EnterCriticalSection(&lock);   \
  CK_RV result = CKR_OK;         \
  do __VA_ARGS__ while (0);      \
  LeaveCriticalSection(&lock);   \
  return result
#define FAIL(value)  \
  {                  \
    result = value;  \
    break;           \
  }

static CK_RV initialize(void *given) {
  CK_C_INITIALIZE_ARGS *args = given;
  GUARDED({
    if (initialized) FAIL(CKR_CRYPTOKI_ALREADY_INITIALIZED);
    if (args == NULL || args->flags != CKF_OS_LOCKING_OK || args->pReserved != NULL || args->CreateMutex != NULL)
      FAIL(CKR_ARGUMENTS_BAD);
    if (BCryptOpenAlgorithmProvider(&ecdsa, BCRYPT_ECDSA_P256_ALGORITHM, NULL, 0) != 0) FAIL(CKR_GENERAL_ERROR);
    load_objects();
    load_key();
    initialized = TRUE;
  });
}

static CK_RV finalize(void *reserved) {
  GUARDED({
    if (reserved != NULL) FAIL(CKR_ARGUMENTS_BAD);
    if (!initialized) FAIL(CKR_CRYPTOKI_NOT_INITIALIZED);
    memset(sessions, 0, sizeof sessions);
    initialized = logged_in = FALSE;
  });
}

static CK_RV get_info(CK_INFO *info) {
  if (!initialized) return CKR_CRYPTOKI_NOT_INITIALIZED;
  memset(info, 0, sizeof *info);
  info->cryptokiVersion = (CK_VERSION){2, 40};
  pad(info->manufacturerID, 32, "anyrole");
  pad(info->libraryDescription, 32, "module of a test");
  info->libraryVersion = (CK_VERSION){3, 7};
  return CKR_OK;
}

static CK_RV get_slot_list(unsigned char present, CK_SLOT_ID *list, CK_ULONG *count) {
  if (present > 1 || count == NULL) return CKR_ARGUMENTS_BAD;
  CK_ULONG room = *count;
  *count = 1;
  if (list == NULL) return CKR_OK;
  if (room < 1) return CKR_BUFFER_TOO_SMALL;
  list[0] = (CK_SLOT_ID)SLOT;
  return CKR_OK;
}

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
  if (slot != (CK_SLOT_ID)SLOT) return CKR_SLOT_ID_INVALID;
  memset(info, 0, sizeof *info);
  pad(info->slotDescription, 64, "slot of a test");
  pad(info->manufacturerID, 32, "anyrole");
  info->flags = CKF_TOKEN_PRESENT | CKF_HW_SLOT;
  return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
  if (slot != (CK_SLOT_ID)SLOT) return CKR_SLOT_ID_INVALID;
  memset(info, 0, sizeof *info);
  pad(info->label, 32, "windows");
  pad(info->manufacturerID, 32, "anyrole");
  pad(info->model, 16, "packed");
  pad(info->serialNumber, 16, "0123456789");
  info->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_USER_PIN_COUNT_LOW;
  info->ulMaxPinLen = 64;
  info->ulMinPinLen = 4;
  return CKR_OK;
}

static CK_RV get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count) {
  if (slot != (CK_SLOT_ID)SLOT) return CKR_SLOT_ID_INVALID;
  CK_ULONG room = *count;
  *count = 2;
  if (list == NULL) return CKR_OK;
  if (room < 2) return CKR_BUFFER_TOO_SMALL;
  list[0] = CKM_EC_KEY_PAIR_GEN;
  list[1] = CKM_ECDSA;
  return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *handle) {
  GUARDED({
    if (slot != (CK_SLOT_ID)SLOT) FAIL(CKR_SLOT_ID_INVALID);
    if ((flags & ~CKF_RW_SESSION) != CKF_SERIAL_SESSION || application != NULL || notify != NULL) FAIL(CKR_ARGUMENTS_BAD);
    result = CKR_SESSION_COUNT;
    for (CK_ULONG i = 0; i < MAX_SESSIONS && result != CKR_OK; i++) {
      if (sessions[i].open) continue;
      sessions[i] = (Session){.open = TRUE};
      *handle = FIRST_SESSION + i;
      result = CKR_OK;
    }
  });
}

static CK_RV close_session(CK_SESSION_HANDLE handle) {
  GUARDED({
    Session *session = session_of(handle);
    if (session == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    session->open = FALSE;
    BOOL any = FALSE;
    for (int i = 0; i < MAX_SESSIONS; i++) any = any || sessions[i].open;
    if (!any) logged_in = FALSE;
  });
}

static CK_RV get_session_info(CK_SESSION_HANDLE handle, CK_SESSION_INFO *info) {
  if (session_of(handle) == NULL) return CKR_SESSION_HANDLE_INVALID;
  *info = (CK_SESSION_INFO){SLOT, logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION, CKF_SERIAL_SESSION, 0};
  return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length) {
  GUARDED({
    const char *expected = getenv("ANYROLE_TEST_PIN");
    if (session_of(handle) == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (user != CKU_USER) FAIL(CKR_USER_TYPE_INVALID);
    if (logged_in) FAIL(CKR_USER_ALREADY_LOGGED_IN);
    if (length != strlen(expected) || memcmp(pin, expected, length) != 0) FAIL(CKR_PIN_INCORRECT);
    logged_in = TRUE;
  });
}

static CK_RV logout(CK_SESSION_HANDLE handle) {
  GUARDED({
    if (session_of(handle) == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    logged_in = FALSE;
  });
}

static CK_RV create_object(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *object) {
  GUARDED({
    if (session_of(handle) == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (!is_sound(template, count) || stored + count > MAX_ATTRIBUTES) FAIL(CKR_ARGUMENTS_BAD);
    *object = last_object + 1;
    for (CK_ULONG i = 0; i < count; i++) keep(*object, template[i].type, template[i].ulValueLen, template[i].pValue);
    save_objects();
  });
}

static CK_RV destroy_object(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object) {
  GUARDED({
    if (session_of(handle) == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    CK_ULONG kept = 0;
    for (CK_ULONG i = 0; i < stored; i++)
      if (store[i].object != object) store[kept++] = store[i];
    if (kept == stored) FAIL(CKR_OBJECT_HANDLE_INVALID);
    stored = kept;
    save_objects();
  });
}

static CK_RV get_attribute_value(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count) {
  GUARDED({
    if (session_of(handle) == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (attribute(object, CKA_CLASS) == NULL) FAIL(CKR_OBJECT_HANDLE_INVALID);
    for (CK_ULONG i = 0; i < count; i++) {
      Stored *found = attribute(object, template[i].type);
      if (found == NULL || (template[i].pValue != NULL && template[i].ulValueLen < found->length)) {
        template[i].ulValueLen = (CK_ULONG)-1;
        result = found == NULL ? CKR_ATTRIBUTE_TYPE_INVALID : CKR_BUFFER_TOO_SMALL;
        continue;
      }
      if (template[i].pValue != NULL) memcpy(template[i].pValue, found->value, found->length);
      template[i].ulValueLen = found->length;
    }
  });
}

static CK_RV find_objects_init(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count) {
  GUARDED({
    Session *session = session_of(handle);
    if (session == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (!is_sound(template, count)) FAIL(CKR_ARGUMENTS_BAD);
    session->count = session->next = 0;
    for (CK_ULONG object = FIRST_OBJECT; object <= last_object; object++)
      if (attribute(object, CKA_CLASS) != NULL && (logged_in || !is_private(object)) && fits(object, template, count))
        session->found[session->count++] = object;
  });
}

static CK_RV find_objects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count) {
  GUARDED({
    Session *session = session_of(handle);
    if (session == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    for (*count = 0; *count < room && session->next < session->count; ++*count)
      objects[*count] = session->found[session->next++];
  });
}

static CK_RV find_objects_final(CK_SESSION_HANDLE handle) {
  return session_of(handle) == NULL ? CKR_SESSION_HANDLE_INVALID : CKR_OK;
}

static CK_RV sign_init(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE object) {
  GUARDED({
    Session *session = session_of(handle);
    if (session == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (!logged_in) FAIL(CKR_USER_NOT_LOGGED_IN);
    if (!is_private(object)) FAIL(CKR_KEY_HANDLE_INVALID);
    if (mechanism->mechanism != CKM_ECDSA) FAIL(CKR_MECHANISM_INVALID);
    if (mechanism->pParameter != NULL || mechanism->ulParameterLen != 0) FAIL(CKR_MECHANISM_PARAM_INVALID);
    session->signing = TRUE;
  });
}

static CK_RV sign(CK_SESSION_HANDLE handle, unsigned char *data, CK_ULONG length, unsigned char *signature, CK_ULONG *room) {
  GUARDED({
    Session *session = session_of(handle);
    if (session == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (!session->signing) FAIL(CKR_OPERATION_NOT_INITIALIZED);
    if (length != 32) FAIL(CKR_DATA_LEN_RANGE);
    if (*room < 64) FAIL(CKR_BUFFER_TOO_SMALL);
    ULONG written = 0;
    session->signing = FALSE;
    if (BCryptSignHash(key, NULL, data, length, signature, 64, &written, 0) != 0) FAIL(CKR_DEVICE_ERROR);
    *room = written;
  });
}

static CK_RV generate_key_pair(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_template,
                               CK_ULONG public_count, CK_ATTRIBUTE *private_template, CK_ULONG private_count,
                               CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
  GUARDED({
    CK_BYTE blob[256];
    CK_BYTE point[67] = {0x04, 65, 0x04};
    ULONG length = 0;
    if (session_of(handle) == NULL) FAIL(CKR_SESSION_HANDLE_INVALID);
    if (mechanism->mechanism != CKM_EC_KEY_PAIR_GEN || mechanism->ulParameterLen != 0) FAIL(CKR_MECHANISM_INVALID);
    if (!is_sound(public_template, public_count) || !is_sound(private_template, private_count)) FAIL(CKR_ARGUMENTS_BAD);
    if (BCryptGenerateKeyPair(ecdsa, &key, 256, 0) != 0 || BCryptFinalizeKeyPair(key, 0) != 0) FAIL(CKR_DEVICE_ERROR);
    if (BCryptExportKey(key, NULL, BCRYPT_ECCPRIVATE_BLOB, blob, sizeof blob, &length, 0) != 0) FAIL(CKR_DEVICE_ERROR);
    memcpy(point + 3, blob + sizeof(BCRYPT_ECCKEY_BLOB), 64);
    FILE *file = open_file("key", "wb");
    fwrite(blob, 1, length, file);
    fclose(file);
    *public_key = last_object + 1;
    for (CK_ULONG i = 0; i < public_count; i++)
      keep(*public_key, public_template[i].type, public_template[i].ulValueLen, public_template[i].pValue);
    keep(*public_key, CKA_EC_POINT, sizeof point, point);
    *private_key = last_object + 1;
    for (CK_ULONG i = 0; i < private_count; i++)
      keep(*private_key, private_template[i].type, private_template[i].ulValueLen, private_template[i].pValue);
    keep(*private_key, CKA_EC_PARAMS, sizeof P256_OID, P256_OID);
    save_objects();
  });
}

static CK_FUNCTION_LIST list = {
    .version = {2, 40},
    .C_Initialize = initialize,
    .C_Finalize = finalize,
    .C_GetInfo = get_info,
    .C_GetSlotList = get_slot_list,
    .C_GetSlotInfo = get_slot_info,
    .C_GetTokenInfo = get_token_info,
    .C_GetMechanismList = get_mechanism_list,
    .C_OpenSession = open_session,
    .C_CloseSession = close_session,
    .C_GetSessionInfo = get_session_info,
    .C_Login = login,
    .C_Logout = logout,
    .C_CreateObject = create_object,
    .C_DestroyObject = destroy_object,
    .C_GetAttributeValue = get_attribute_value,
    .C_FindObjectsInit = find_objects_init,
    .C_FindObjects = find_objects,
    .C_FindObjectsFinal = find_objects_final,
    .C_SignInit = sign_init,
    .C_Sign = sign,
    .C_GenerateKeyPair = generate_key_pair,
};

__declspec(dllexport) CK_RV C_GetFunctionList(CK_FUNCTION_LIST **answer) {
  if (answer == NULL) return CKR_ARGUMENTS_BAD;
  *answer = &list;
  return CKR_OK;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) {
  if (reason == DLL_PROCESS_ATTACH) InitializeCriticalSection(&lock);
  return TRUE;
}
