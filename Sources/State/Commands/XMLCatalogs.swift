//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `update-xmlcatalog --add` of `xml-core`: adds an entry to the root catalog, to that of a package or to a local one.
///
/// The catalogs are generated from lists below `/var/lib/xml-core`. Without `--sort` the program leaves their order to
/// chance; here they are always sorted.
func updateXMLCatalog(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "update-xmlcatalog", in: shell, flags: ["--add", "--root", "--verbose", "--sort"],
        valued: ["--file", "--id", "--local", "--package", "--type"])
    guard options.has("--add"), options.operands.isEmpty else {
        throw shell.unsupported("`update-xmlcatalog \(arguments.joined(separator: " "))`")
    }
    guard let update = XMLCatalogUpdate(options), shell.node(update.required)?.isFile == true else { return 1 }
    var entries: [String: String] = [:]
    for line in lines(try shell.read(update.list) ?? []) {
        let parts = try shell.text(line).split(separator: ">").map { $0.hasPrefix("<") ? $0.dropFirst() : $0 }
        if parts.count == 2 { entries[String(parts[0])] = String(parts[1]) }
    }
    guard entries[update.key, default: update.value] == update.value else { return 1 }
    entries[update.key] = update.value
    let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }

    guard let header = try shell.read("/usr/share/xml-core/catalog.header"),
        let footer = try shell.read("/usr/share/xml-core/catalog.footer")
    else { return 2 }
    if let known = try shell.read(update.catalog) { shell.tree.write(update.catalog + ".old", known) }
    let body = joined(sorted.map { "<\($0.key) \($0.value)/>".utf8 })
    let isWritten =
        shell.tree.write(update.list, joined(sorted.map { "<\($0.key)><\($0.value)>".utf8 }))
        && shell.tree.write(update.catalog, header + body + footer)
    return isWritten ? 0 : 2
}

/// What one call of `update-xmlcatalog` adds, and where.
private struct XMLCatalogUpdate {
    /// The catalog.
    let catalog: String
    /// The list that it is generated from.
    let list: String
    /// The file that must be there.
    let required: String
    /// The entry: an element with what it matches, and the attribute that says where it leads.
    let key: String
    let value: String

    /// Nil when options are missing.
    init?(_ options: Options) {
        guard let type = options["--type"], ["public", "system", "uri"].contains(type), let id = options["--id"] else {
            return nil
        }
        let capital = type == "uri" ? "URI" : type.prefix(1).uppercased() + type.dropFirst()
        let start = type == "uri" ? type : type + "Id"
        if let package = options["--package"] {
            let file = "/etc/xml/\(package).xml"
            key = "delegate\(capital) \(start)StartString=\"\(id)\""
            if options.has("--root") {
                (catalog, list, required) = ("/etc/xml/catalog", "/var/lib/xml-core/catalog", file)
                value = "catalog=\"file://\(file)\""
            } else {
                guard let local = options["--local"] else { return nil }
                (catalog, list, required) = (file, "/var/lib/xml-core/\(package)", local)
                value = "catalog=\"file://\(local)\""
            }
        } else {
            guard let local = options["--local"], let file = options["--file"] else { return nil }
            let name = local.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "_")
            (catalog, list, required) = (local, "/var/lib/xml-core/\(name)", file)
            key = "\(type) \(type == "uri" ? "name" : start)=\"\(id)\""
            value = "uri=\"\(file)\""
        }
    }
}
