/* Stands for NVIDIA's driver (libcuda.so.1) where there is none: it answers as the driver would, with the errors that the environment names, and
 * holds its callers to the driver's rules. Memory is the host's; a kernel that is launched does nothing.
 *   STANDIN_VERSION  of the driver, 12040 unless set       STANDIN_INIT, STANDIN_CREATE, STANDIN_LOAD, STANDIN_LAUNCH  the error of that call
 *   STANDIN_COUNT    of devices, 1 unless set              STANDIN_HELD  bytes of a device's 1 GiB that other programs hold */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_CONTEXT = 201, ILLEGAL_ADDRESS = 700 };

static long long setting(const char *name, long long otherwise) { const char *text = getenv(name); return text && *text ? atoll(text) : otherwise; }

static int initialised, lost;
static long long used;
/* A context belongs to the threads that have made it theirs. */
static __thread void *current;

#define NEED_CONTEXT do { if (lost) return lost; if (!current) return INVALID_CONTEXT; } while (0)

int cuInit(unsigned flags) { int error = (int)setting("STANDIN_INIT", 0); initialised = !error; return flags ? INVALID_VALUE : error; }
int cuDriverGetVersion(int *version) { *version = (int)setting("STANDIN_VERSION", 12040); return 0; }
int cuDeviceGetCount(int *count) { *count = (int)setting("STANDIN_COUNT", 1); return initialised ? 0 : NOT_INITIALIZED; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
int cuDeviceGetName(char *name, int length, int device) { snprintf(name, (size_t)length, "Stand-in %d", device); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { (void)device; *bytes = (size_t)(1LL << 30); return 0; }

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    (void)device;
    switch (attribute) {
        case 1: *value = 1024; break;                                /* threads of a block */
        case 2: case 3: *value = 1024; break;
        case 4: *value = 64; break;
        case 5: *value = 0x7FFFFFFF; break;                          /* blocks of a grid */
        case 6: case 7: *value = 65535; break;
        case 8: *value = 48 << 10; break;                            /* shared memory of a block */
        case 9: *value = 64 << 10; break;
        case 10: *value = 32; break;                                 /* threads of a warp */
        case 12: case 82: *value = 65536; break;                     /* registers */
        case 16: *value = 4; break;                                  /* multiprocessors */
        case 39: *value = 2048; break;                               /* threads of a multiprocessor */
        case 75: *value = (int)setting("STANDIN_MAJOR", 9); break;   /* compute capability */
        case 76: *value = 0; break;
        case 81: *value = 227 << 10; break;
        default: *value = 1;
    }
    return 0;
}

int cuCtxCreate_v2(void **context, unsigned flags, int device) {
    (void)flags;
    (void)device;
    int error = (int)setting("STANDIN_CREATE", 0);
    if (!error)
        *context = current = malloc(1);
    return error;
}
int cuCtxDestroy_v2(void *context) { (void)context; return 0; }
int cuCtxSetCurrent(void *context) { current = context; return lost; }
int cuCtxSynchronize(void) { NEED_CONTEXT; return 0; }
int cuCtxGetCacheConfig(int *value) { NEED_CONTEXT; *value = 0; return 0; }
int cuCtxGetSharedMemConfig(int *value) { NEED_CONTEXT; *value = 0; return 0; }

int cuMemGetInfo_v2(size_t *free, size_t *total) { NEED_CONTEXT; cuDeviceTotalMem_v2(total, 0); *free = *total - (size_t)(used + setting("STANDIN_HELD", 0)); return 0; }
int cuMemAlloc_v2(void **memory, size_t bytes) {
    NEED_CONTEXT;
    if (used + (long long)bytes > (1LL << 30) - setting("STANDIN_HELD", 0))
        return OUT_OF_MEMORY;
    /* As the driver does: a block begins on a multiple of 256. Its size stands before it. */
    char *block = aligned_alloc(256, 256 + (bytes + 255) / 256 * 256);
    memset(block, 0, 256 + bytes);
    *(size_t *)block = bytes;
    used += (long long)bytes;
    *memory = block + 256;
    return 0;
}
int cuMemFree_v2(void *memory) {
    NEED_CONTEXT;
    if (!memory)
        return INVALID_VALUE;
    char *block = (char *)memory - 256;
    used -= (long long)*(size_t *)block;
    free(block);
    return 0;
}
int cuMemAllocHost_v2(void **memory, size_t bytes) { NEED_CONTEXT; *memory = malloc(bytes); return 0; }
int cuMemFreeHost(void *memory) { NEED_CONTEXT; free(memory); return 0; }
int cuMemHostRegister_v2(void *memory, size_t bytes, unsigned flags) { (void)memory; (void)bytes; (void)flags; NEED_CONTEXT; return 0; }
int cuMemHostUnregister(void *memory) { (void)memory; NEED_CONTEXT; return 0; }
int cuMemHostGetDevicePointer_v2(void **mapped, void *memory, unsigned flags) { (void)flags; NEED_CONTEXT; *mapped = memory; return 0; }
int cuMemcpyAsync(void *to, const void *from, size_t bytes, void *stream) { (void)stream; NEED_CONTEXT; memcpy(to, from, bytes); return 0; }
int cuMemsetD8Async(void *to, unsigned char value, size_t bytes, void *stream) { (void)stream; NEED_CONTEXT; memset(to, value, bytes); return 0; }
int cuPointerGetAttribute(void *data, int attribute, void *pointer) { (void)attribute; (void)pointer; NEED_CONTEXT; *(int *)data = 2; return 0; }
int cuStreamSynchronize(void *stream) { (void)stream; NEED_CONTEXT; return 0; }
int cuEventCreate(void **event, unsigned flags) { (void)flags; NEED_CONTEXT; *event = malloc(1); return 0; }
int cuEventDestroy_v2(void *event) { free(event); return 0; }
int cuEventRecord(void *event, void *stream) { (void)event; (void)stream; NEED_CONTEXT; return 0; }

int cuModuleLoadData(void **module, const char *text) {
    NEED_CONTEXT;
    *module = strdup(text);
    return (int)setting("STANDIN_LOAD", 0);
}
int cuModuleLoadDataEx(void **module, const char *text, unsigned options, int *names, void **values) {
    (void)options;
    (void)names;
    (void)values;
    return cuModuleLoadData(module, text);
}
int cuModuleUnload(void *module) { free(module); return 0; }
int cuModuleGetFunction(void **function, void *module, const char *name) { NEED_CONTEXT; *function = module; return strstr(module, name) ? 0 : 500; }
int cuOccupancyMaxPotentialBlockSize(int *blocks, int *threads, void *function, void *dynamic, size_t bytes, int limit) {
    (void)function;
    (void)dynamic;
    (void)bytes;
    NEED_CONTEXT;
    *blocks = 8;
    *threads = limit > 0 && limit < 768 ? limit : 768;
    return 0;
}
int cuLaunchKernel(void *function, unsigned x, unsigned y, unsigned z, unsigned threadsX, unsigned threadsY, unsigned threadsZ, unsigned shared, void *stream, void **arguments, void **extra) {
    (void)function;
    (void)stream;
    (void)arguments;
    (void)extra;
    NEED_CONTEXT;
    if (!x || !y || !z || x > 0x7FFFFFFF || y > 65535 || z > 65535 || threadsX > 1024 || threadsY > 1024 || threadsZ > 64 || threadsX * threadsY * threadsZ - 1 > 1023 || shared > 48 << 10)
        return INVALID_VALUE;
    int error = (int)setting("STANDIN_LAUNCH", 0);
    /* After a fault in a kernel everything answers that fault. */
    if (error >= ILLEGAL_ADDRESS && error != 701)
        lost = error;
    return error;
}

int cuGetErrorString(int error, const char **text) {
    switch (error) {
        case INVALID_VALUE: *text = "invalid argument"; break;
        case OUT_OF_MEMORY: *text = "out of memory"; break;
        case 34: *text = "the loaded library is a stub"; break;
        case 46: *text = "CUDA-capable device(s) is/are busy or unavailable"; break;
        case 100: *text = "no CUDA-capable device is detected"; break;
        case INVALID_CONTEXT: *text = "invalid device context"; break;
        case 218: *text = "a PTX JIT compilation failed"; break;
        case ILLEGAL_ADDRESS: *text = "an illegal memory access was encountered"; break;
        case 803: *text = "system has unsupported display driver / cuda driver combination"; break;
        default: *text = "unknown error";
    }
    return 0;
}
