//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

#include "DetectorData.h"

#include <string.h>

// Each file has its place here, two lines in the order of the names.
static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} files[] = {
#define FILE "Declarative/crystal.yaml"
#include "embedded-file.h"
#define FILE "Declarative/dart.yaml"
#include "embedded-file.h"
#define FILE "Declarative/elixir.yaml"
#include "embedded-file.h"
#define FILE "Declarative/erlang.yaml"
#include "embedded-file.h"
#define FILE "Declarative/haskell.yaml"
#include "embedded-file.h"
#define FILE "Declarative/julia.yaml"
#include "embedded-file.h"
#define FILE "Declarative/lua.yaml"
#include "embedded-file.h"
#define FILE "Declarative/ocaml.yaml"
#include "embedded-file.h"
#define FILE "Declarative/r.yaml"
#include "embedded-file.h"
#define FILE "Declarative/shell.yaml"
#include "embedded-file.h"
#define FILE "Declarative/zig.yaml"
#include "embedded-file.h"
#define FILE "DotNet/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Go/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Java/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Languages/extensions.tsv"
#include "embedded-file.h"
#define FILE "Lists/alpine.tsv"
#include "embedded-file.h"
#define FILE "Lists/fedora.tsv"
#include "embedded-file.h"
#define FILE "Lists/homebrew.tsv"
#include "embedded-file.h"
#define FILE "Node/system-packages.tsv"
#include "embedded-file.h"
#define FILE "PHP/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Python/imports.tsv"
#include "embedded-file.h"
#define FILE "Python/pytest-plugins.tsv"
#include "embedded-file.h"
#define FILE "Python/standard-library.tsv"
#include "embedded-file.h"
#define FILE "Python/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Ruby/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Rust/system-crates.tsv"
#include "embedded-file.h"
#define FILE "Rust/system-packages.tsv"
#include "embedded-file.h"
#define FILE "Services/clients.tsv"
#include "embedded-file.h"
#define FILE "Services/images.tsv"
#include "embedded-file.h"
#define FILE "Swift/system-packages.tsv"
#include "embedded-file.h"
#define FILE "VersionManagers/nixpkgs.tsv"
#include "embedded-file.h"
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

const char *detectorDataName(size_t index) {
    return index < sizeof files / sizeof *files ? files[index].name : NULL;
}
