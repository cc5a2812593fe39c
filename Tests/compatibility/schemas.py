#!/usr/bin/env python3
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
"""Checks every JSON document of OCI image layouts against the schemas of the image specification.

    schemas.py FOLDER…

Prints what is wrong, or how many documents are right. Exit status 1 if one is wrong.
"""
import json
import os
import sys
import warnings

with warnings.catch_warnings():
    # Deprecated since jsonschema 4.18, which Debian 12 does not have yet.
    warnings.simplefilter("ignore")
    from jsonschema import Draft4Validator, FormatChecker, RefResolver

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Fixtures/schemas/oci-image-spec")
KINDS = {
    "application/vnd.oci.image.index.v1+json": "image-index-schema.json",
    "application/vnd.oci.image.manifest.v1+json": "image-manifest-schema.json",
    "application/vnd.oci.image.config.v1+json": "config-schema.json",
}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def schema(name):
    return load(os.path.join(SCHEMAS, name))


def problems(document, name):
    # Identifiers within the schemas change what a relative reference leads to; the file's name is what is meant.
    handlers = {"https": lambda uri: schema(os.path.basename(uri))}
    root = schema(name)
    resolver = RefResolver(root["id"], root, handlers=handlers)
    for error in Draft4Validator(root, resolver=resolver, format_checker=FormatChecker()).iter_errors(document):
        yield "/".join(map(str, error.absolute_path)) + ": " + error.message


def documents(folder):
    """Every document with the schema that it must meet."""
    yield "oci-layout", load(os.path.join(folder, "oci-layout")), "image-layout-schema.json"
    pending = [("index.json", load(os.path.join(folder, "index.json")), "image-index-schema.json")]
    while pending:
        place, document, name = pending.pop()
        yield place, document, name
        # A configuration has a member `config` too, which is none.
        descriptors = document.get("manifests", [])
        if name == "image-manifest-schema.json":
            descriptors = [document["config"]]
        for descriptor in descriptors:
            digest = descriptor["digest"]
            path = os.path.join(folder, "blobs", *digest.split(":"))
            pending.append((digest, load(path), KINDS[descriptor["mediaType"]]))


def main():
    count = wrong = 0
    for folder in sys.argv[1:]:
        for place, document, name in documents(folder):
            count += 1
            for problem in problems(document, name):
                wrong += 1
                print(f"{folder}: {place}: {problem}")
    if wrong:
        sys.exit(1)
    print(f"{count} documents are right")


main()
