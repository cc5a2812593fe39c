//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The toolchains that a command installs with an installer or a version manager, with the versions that it names.
func toolchains(installedBy call: [String]) -> [(tool: String, version: String)] {
    guard let program = call.first?.split(separator: "/").last.map(String.init) else { return [] }
    let words = Array(call.dropFirst())
    let operands = words.filter { !$0.hasPrefix("-") }
    switch program {
    case "curl", "wget": return words.flatMap(toolchains(fetchedFrom:))
    case "nvm", "fnm", "nodenv", "n", "nodebrew":
        let verbs: Set<String> = ["install", "use"]
        let version =
            program == "n" ? operands.first : (verbs.contains(operands.first ?? "") ? operands.dropFirst().first : nil)
        return version.map { [("node", $0)] } ?? []
    case "volta":
        guard ["install", "pin"].contains(operands.first ?? "") else { return [] }
        return operands.dropFirst().compactMap(named)
    case "corepack":
        guard ["prepare", "use", "install"].contains(operands.first ?? "") else { return [] }
        return operands.dropFirst().compactMap(named)
    case "npm", "pnpm", "yarn":
        guard words.contains("-g") || words.contains("--global"),
            ["install", "i", "add"].contains(operands.first ?? "")
        else { return [] }
        return operands.dropFirst().compactMap(named).filter { ["pnpm", "yarn", "bun", "npm"].contains($0.tool) }
    case "rustup":
        if operands.first == "default" { return operands.dropFirst().prefix(1).map { ("rust", $0) } }
        guard operands.first == "toolchain", operands.dropFirst().first == "install" else { return [] }
        return operands.dropFirst(2).prefix(1).map { ("rust", $0) }
    case "rustup-init", "sh", "bash":
        guard let option = words.firstIndex(of: "--default-toolchain"), option + 1 < words.count else { return [] }
        return [("rust", words[option + 1])]
    case "pyenv", "rbenv", "goenv", "phpenv", "plenv", "tfenv":
        let tools = [
            "pyenv": "python", "rbenv": "ruby", "goenv": "go", "phpenv": "php", "plenv": "perl", "tfenv": "terraform",
        ]
        guard let tool = tools[program], ["install", "global", "local"].contains(operands.first ?? "") else {
            return []
        }
        return operands.dropFirst().prefix(1).map { (tool, $0) }
    case "rvm":
        guard ["install", "use"].contains(operands.first ?? "") else { return [] }
        return operands.dropFirst().prefix(1).map { ("ruby", $0) }
    case "uv":
        guard operands.first == "python", operands.dropFirst().first == "install" else { return [] }
        return operands.dropFirst(2).map { ("python", $0) }
    case "asdf", "mise", "rtx":
        guard ["install", "global", "local", "set", "use", "i", "u"].contains(operands.first ?? "") else { return [] }
        let rest = operands.dropFirst()
        if program == "asdf", rest.count >= 2, let tool = rest.first, let version = rest.dropFirst().first {
            return toolVersion(toolName(tool), version).map { [(toolName(tool), $0)] } ?? []
        }
        return rest.compactMap(named)
    case "sdk":
        guard operands.first == "install", operands.count >= 3 else { return [] }
        let tool = toolName(operands[1])
        return toolVersion(tool, operands[2]).map { [(tool, $0)] } ?? []
    default: return []
    }
}

/// `node@20.1`, `pnpm@9.0.0+sha512…`; nil without a version.
private func named(_ word: String) -> (tool: String, version: String)? {
    let sides = word.split(separator: "@").map(String.init)
    guard sides.count == 2, !word.hasPrefix("@") else { return nil }
    let tool = toolName(sides[0])
    return toolVersion(tool, String(sides[1].prefix { $0 != "+" || tool == "java" })).map { (tool, $0) }
}

/// What well-known addresses of installers and archives carry.
private func toolchains(fetchedFrom address: String) -> [(tool: String, version: String)] {
    guard address.range(ofText: "://") != nil, address.utf8.count < 2_000 else { return [] }
    for (marker, tool) in [
        ("nodesource.com/setup_", "node"), ("nodesource.com/node_", "node"), ("nodejs.org/dist/v", "node"),
        ("go.dev/dl/go", "go"), ("golang.org/dl/go", "go"), ("storage.googleapis.com/golang/go", "go"),
        ("python.org/ftp/python/", "python"), ("ziglang.org/download/", "zig"),
        ("cmake/releases/download/v", "cmake"), ("services.gradle.org/distributions/gradle-", "gradle"),
        ("releases.hashicorp.com/terraform/", "terraform"),
    ] {
        guard let place = address.range(ofText: marker) else { continue }
        var version = String(address[place...].dropFirst(marker.count).prefix { $0.isNumber || $0 == "." })
        while version.hasSuffix(".") { version.removeLast() }
        if !version.isEmpty { return [(tool, version)] }
    }
    return []
}
