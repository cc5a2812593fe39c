//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#include "CatalogData.h"

#include <string.h>

static const unsigned char development[] = {
#embed "data/development.zst"
};
static const unsigned char headers[] = {
#embed "data/headers.zst"
};
static const unsigned char modules[] = {
#embed "data/modules.zst"
};
static const unsigned char names[] = {
#embed "data/names.zst"
};
static const unsigned char offers[] = {
#embed "data/offers.tsv"
};
static const unsigned char programs[] = {
#embed "data/programs.zst"
};

// One line for each file, in the order of the names.
static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} files[] = {
    {"development.zst", development, sizeof development},
    {"headers.zst", headers, sizeof headers},
    {"modules.zst", modules, sizeof modules},
    {"names.zst", names, sizeof names},
    {"offers.tsv", offers, sizeof offers},
    {"programs.zst", programs, sizeof programs},
};

const unsigned char *catalogData(const char *name, size_t *count) {
    for (size_t index = 0; index < sizeof files / sizeof *files; index++) {
        if (strcmp(files[index].name, name) == 0) {
            *count = files[index].count;
            return files[index].bytes;
        }
    }
    *count = 0;
    return NULL;
}
