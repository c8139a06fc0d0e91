/* Stands for NVIDIA's library of products where there is none, over the memory of driver.c's device: the definition of BLAS, by loops. Of large products
 * only the arguments are looked at. */
#define GEMM(name, type)                                                                                                                          \
    int name(void *handle, int transposeA, int transposeB, int m, int n, int k, const type *alpha, const type *a, int lda, long long strideA,     \
             const type *b, int ldb, long long strideB, const type *beta, type *c, int ldc, long long strideC, int batch) {                       \
        if (!handle || lda < (transposeA ? k : m) || ldb < (transposeB ? n : k) || ldc < m)                                                       \
            return 7;                                                                                                                             \
        if ((long long)m * n * k > 1 << 16)                                                                                                       \
            return 0;                                                                                                                             \
        for (int s = 0; s < batch; s++, a += strideA, b += strideB, c += strideC)                                                                 \
            for (int i = 0; i < m; i++)                                                                                                           \
                for (int j = 0; j < n; j++) {                                                                                                     \
                    type sum = 0;                                                                                                                 \
                    for (int l = 0; l < k; l++)                                                                                                   \
                        sum += a[transposeA ? l + (long long)i * lda : i + (long long)l * lda] * b[transposeB ? j + (long long)l * ldb : l + (long long)j * ldb]; \
                    type *to = &c[i + (long long)j * ldc];                                                                                        \
                    *to = *alpha * sum + (*beta == 0 ? 0 : *beta * *to);                                                                          \
                }                                                                                                                                 \
        return 0;                                                                                                                                 \
    }

GEMM(cublasSgemmStridedBatched, float)
GEMM(cublasDgemmStridedBatched, double)

int cublasCreate_v2(void **handle) { static int one; *handle = &one; return 0; }
int cublasSetStream_v2(void *handle, void *stream) { return handle && !stream ? 0 : 7; }
