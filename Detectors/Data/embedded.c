//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#include "DetectorData.h"

#include <string.h>

static const unsigned char pythonImports[] = {
#embed "Python/imports.tsv"
};
static const unsigned char pythonPlugins[] = {
#embed "Python/pytest-plugins.tsv"
};
static const unsigned char pythonStandardLibrary[] = {
#embed "Python/standard-library.tsv"
};
static const unsigned char pythonSystemPackages[] = {
#embed "Python/system-packages.tsv"
};

// One line for each file, in the order of the names.
static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} files[] = {
    {"Python/imports.tsv", pythonImports, sizeof pythonImports},
    {"Python/pytest-plugins.tsv", pythonPlugins, sizeof pythonPlugins},
    {"Python/standard-library.tsv", pythonStandardLibrary, sizeof pythonStandardLibrary},
    {"Python/system-packages.tsv", pythonSystemPackages, sizeof pythonSystemPackages},
};

const unsigned char *detectorData(const char *name, size_t *count) {
    for (size_t index = 0; index < sizeof files / sizeof *files; index++) {
        if (strcmp(files[index].name, name) == 0) {
            *count = files[index].count;
            return files[index].bytes;
        }
    }
    *count = 0;
    return NULL;
}
