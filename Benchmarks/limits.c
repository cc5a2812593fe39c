//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

// What converting packages costs at least on one core: decodes the xz data of the .debs named on standard input, and
// compresses it again, with the libraries that Fitout is built with. Prints the megabytes unpacked, and the CPU seconds of
// each half.

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zstd.h>

enum { block = 4 << 20 };

static double cpu(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// Moves to the content of the member that begins with `data.tar`; its size, or -1.
static long find_data(FILE *deb) {
    char header[61] = {0};
    if (fseek(deb, 8, SEEK_SET)) return -1;
    while (fread(header, 1, 60, deb) == 60) {
        long size = strtol(header + 48, NULL, 10);
        if (!strncmp(header, "data.tar.xz", 11)) return size;
        if (size < 0 || fseek(deb, size + size % 2, SEEK_CUR)) return -1;
    }
    return -1;
}

int main(void) {
    static unsigned char input[1 << 17], content[block];
    static char path[4096];
    size_t bound = ZSTD_compressBound(block);
    char *output = malloc(bound);
    ZSTD_CCtx *compressor = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, 3);
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_windowLog, 21);
    double decode = 0, compress = 0, unpacked = 0;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        FILE *deb = fopen(path, "rb");
        long left = deb ? find_data(deb) : -1;
        if (left < 0) {
            fprintf(stderr, "no xz data in %s\n", path);
            return 1;
        }
        lzma_stream stream = LZMA_STREAM_INIT;
        if (lzma_stream_decoder(&stream, UINT64_MAX, 0) != LZMA_OK) return 1;
        lzma_ret code = LZMA_OK;
        while (code == LZMA_OK) {
            double start = cpu();
            stream.next_out = content;
            stream.avail_out = block;
            while (code == LZMA_OK && stream.avail_out > 0) {
                if (stream.avail_in == 0) {
                    size_t count = left < (long)sizeof input ? (size_t)left : sizeof input;
                    stream.next_in = input;
                    stream.avail_in = fread(input, 1, count, deb);
                    left -= (long)count;
                }
                code = lzma_code(&stream, LZMA_RUN);
            }
            double middle = cpu();
            size_t count = block - stream.avail_out;
            ZSTD_compress2(compressor, output, bound, content, count);
            decode += middle - start;
            compress += cpu() - middle;
            unpacked += (double)count;
        }
        lzma_end(&stream);
        fclose(deb);
        if (code != LZMA_STREAM_END) {
            fprintf(stderr, "damaged data in %s\n", path);
            return 1;
        }
    }
    printf("%.0f %.2f %.2f\n", unpacked / 1e6, decode, compress);
}
