#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Tables of all suites in one: sorted lines of a key, then for each set of suites that agree the packages."""

import collections

LIMIT = 4


def merged(by_suite):
    """Lines `key TAB suites SP package…`, `suites` being a bit mask in hex; by_suite is [{key: [package]}]."""
    groups = collections.defaultdict(lambda: collections.defaultdict(int))
    for bit, table in enumerate(by_suite):
        for key, names in table.items():
            groups[key][" ".join(names)] |= 1 << bit
    lines = []
    for key in sorted(groups, key=str.encode):
        # Groups in the order of their first suite.
        ordered = sorted(groups[key].items(), key=lambda item: item[1] & -item[1])
        lines.append("\t".join([key] + [f"{mask:x} {names}".rstrip() for names, mask in ordered]))
    return "".join(line + "\n" for line in lines)


def folded(headers):
    """{key: packages} of headers with one entry `folder/` for each folder whose headers all come from one package."""
    tree = {}
    for key in headers:
        *folders, name = key.split("/")
        node = tree
        for folder in folders:
            node = node.setdefault(folder + "/", {})
        node[name] = headers[key]
    result = {}

    def visit(node, prefix):
        """The first candidates below `node`, with the lists they head."""
        heads = {}
        for name, value in node.items():
            lists = visit(value, prefix + name) if isinstance(value, dict) else {value[0]: value}
            for head, names in lists.items():
                if len(names) > len(heads.get(head, [])):
                    heads[head] = names
        return heads

    def emit(node, prefix):
        for name, value in node.items():
            if not isinstance(value, dict):
                result[prefix + name] = value
                continue
            heads = visit(value, prefix + name)
            if len(heads) == 1:
                result[prefix + name] = next(iter(heads.values()))
            else:
                emit(value, prefix + name)

    emit(tree, "")
    return result
