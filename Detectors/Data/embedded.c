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
static const unsigned char goSystemPackages[] = {
#embed "Go/system-packages.tsv"
};
static const unsigned char homebrew[] = {
#embed "Lists/homebrew.tsv"
};
static const unsigned char nodeSystemPackages[] = {
#embed "Node/system-packages.tsv"
};
static const unsigned char rubySystemPackages[] = {
#embed "Ruby/system-packages.tsv"
};
static const unsigned char rustSystemPackages[] = {
#embed "Rust/system-packages.tsv"
};
static const unsigned char crystalDescription[] = {
#embed "Declarative/crystal.yaml"
};
static const unsigned char dartDescription[] = {
#embed "Declarative/dart.yaml"
};
static const unsigned char elixirDescription[] = {
#embed "Declarative/elixir.yaml"
};
static const unsigned char erlangDescription[] = {
#embed "Declarative/erlang.yaml"
};
static const unsigned char haskellDescription[] = {
#embed "Declarative/haskell.yaml"
};
static const unsigned char juliaDescription[] = {
#embed "Declarative/julia.yaml"
};
static const unsigned char luaDescription[] = {
#embed "Declarative/lua.yaml"
};
static const unsigned char ocamlDescription[] = {
#embed "Declarative/ocaml.yaml"
};
static const unsigned char shellDescription[] = {
#embed "Declarative/shell.yaml"
};
static const unsigned char swiftDescription[] = {
#embed "Declarative/swift.yaml"
};
static const unsigned char zigDescription[] = {
#embed "Declarative/zig.yaml"
};
static const unsigned char rDescription[] = {
#embed "Declarative/r.yaml"
};

// One line for each file, in the order of the names.
static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} files[] = {
    {"Declarative/crystal.yaml", crystalDescription, sizeof crystalDescription},
    {"Declarative/dart.yaml", dartDescription, sizeof dartDescription},
    {"Declarative/elixir.yaml", elixirDescription, sizeof elixirDescription},
    {"Declarative/erlang.yaml", erlangDescription, sizeof erlangDescription},
    {"Declarative/haskell.yaml", haskellDescription, sizeof haskellDescription},
    {"Declarative/julia.yaml", juliaDescription, sizeof juliaDescription},
    {"Declarative/lua.yaml", luaDescription, sizeof luaDescription},
    {"Declarative/ocaml.yaml", ocamlDescription, sizeof ocamlDescription},
    {"Declarative/r.yaml", rDescription, sizeof rDescription},
    {"Declarative/shell.yaml", shellDescription, sizeof shellDescription},
    {"Declarative/swift.yaml", swiftDescription, sizeof swiftDescription},
    {"Declarative/zig.yaml", zigDescription, sizeof zigDescription},
    {"Go/system-packages.tsv", goSystemPackages, sizeof goSystemPackages},
    {"Lists/homebrew.tsv", homebrew, sizeof homebrew},
    {"Node/system-packages.tsv", nodeSystemPackages, sizeof nodeSystemPackages},
    {"Python/imports.tsv", pythonImports, sizeof pythonImports},
    {"Python/pytest-plugins.tsv", pythonPlugins, sizeof pythonPlugins},
    {"Python/standard-library.tsv", pythonStandardLibrary, sizeof pythonStandardLibrary},
    {"Python/system-packages.tsv", pythonSystemPackages, sizeof pythonSystemPackages},
    {"Ruby/system-packages.tsv", rubySystemPackages, sizeof rubySystemPackages},
    {"Rust/system-packages.tsv", rustSystemPackages, sizeof rustSystemPackages},
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
