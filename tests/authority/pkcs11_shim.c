/* A PKCS#11 module in front of SoftHSM that fails on demand.
 *
 * REAL, CONF, ORDER and COUNT are paths given when it is compiled. If the file
 * ORDER exists, its one line says how the next signing call fails, and is spent:
 *   "init RV"    C_SignInit gives RV
 *   "before RV"  C_Sign gives RV and does not sign
 *   "after RV"   C_Sign signs, and gives RV: the reply is lost
 *   "garble"     C_Sign signs, and answers with a broken value
 *   "hang MS"    C_Sign sleeps before it signs
 * Every signature made adds one byte to the file COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;
typedef struct { unsigned char major, minor; void *function[68]; } list_t;
enum { SIGN_INIT = 42, SIGN = 43 };

static list_t shim;
static ulong_t (*real_sign_init)(ulong_t, void *, ulong_t);
static ulong_t (*real_sign)(ulong_t, void *, ulong_t, unsigned char *, ulong_t *);

static int order(const char *kind, ulong_t *value) {
    char word[16] = "";
    *value = 0;
    FILE *file = fopen(ORDER, "r");
    if (!file) return 0;
    int read = fscanf(file, "%15s %lx", word, value);
    fclose(file);
    if (read < 1 || strcmp(word, kind)) return 0;
    unlink(ORDER);
    return 1;
}

static ulong_t sign_init(ulong_t session, void *mechanism, ulong_t key) {
    ulong_t value;
    if (order("init", &value)) return value;
    return real_sign_init(session, mechanism, key);
}

static ulong_t sign(ulong_t session, void *data, ulong_t length, unsigned char *out, ulong_t *out_length) {
    ulong_t value;
    if (!out) return real_sign(session, data, length, out, out_length);
    if (order("before", &value)) return value;
    if (order("hang", &value)) usleep(value * 1000);
    ulong_t result = real_sign(session, data, length, out, out_length);
    FILE *count = fopen(COUNT, "a");
    fputc('x', count);
    fclose(count);
    if (order("after", &value)) return value;
    if (order("garble", &value)) out[0] ^= 1;
    return result;
}

ulong_t C_GetFunctionList(list_t **list) {
    setenv("SOFTHSM2_CONF", CONF, 1);
    void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    ulong_t (*real)(list_t **) = library ? (ulong_t (*)(list_t **))dlsym(library, "C_GetFunctionList") : NULL;
    list_t *found;
    if (!real || real(&found)) return 5;
    shim = *found;
    real_sign_init = (ulong_t (*)(ulong_t, void *, ulong_t))found->function[SIGN_INIT];
    real_sign = (ulong_t (*)(ulong_t, void *, ulong_t, unsigned char *, ulong_t *))found->function[SIGN];
    shim.function[SIGN_INIT] = (void *)sign_init;
    shim.function[SIGN] = (void *)sign;
    *list = &shim;
    return 0;
}
