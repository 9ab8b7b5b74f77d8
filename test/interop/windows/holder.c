/*
 * Has a file open for reading for three seconds, as programs of Python and Go open files: others may read and write
 * it, and not remove it. Makes the second file when it has it.
 */
#include <windows.h>

int wmain(int count, wchar_t **words) {
  if (count != 3) return 2;
  HANDLE file = CreateFileW(words[1], GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return 1;
  CloseHandle(CreateFileW(words[2], GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL));
  Sleep(3000);
  CloseHandle(file);
  return 0;
}
