//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension MemberFinding {
    /// A command of the member's own folder as the workspace's root runs it, with the member selected: `mvn -B test` as
    /// `mvn -B -pl core -am test`. Nil where the workspace has no such form, so that the command runs in the folder.
    ///
    /// - Parameters:
    ///   - command: The command as the member alone has it.
    ///   - root: The workspace's folder; empty for the repository's root.
    ///   - wrapper: The program in the place of `mvn` or `gradle` where the workspace brings its own.
    ///   - manager: The package manager of the workspace's root.
    func selecting(_ command: String, root: String, wrapper: String?, manager: String?) -> String? {
        let prefix = root.isEmpty ? "" : root + "/"
        guard directory.hasPrefix(prefix), directory != root else { return nil }
        let folder = shellWord(String(directory.dropFirst(prefix.utf8.count)))
        var words = command.split(separator: " ").map(String.init)
        // Chains and quoted texts keep their folder.
        guard let program = words.first, !command.contains("&"), !command.contains("'"), !command.contains("|"),
            !command.contains("$")
        else { return nil }
        words.removeFirst()
        let rest = words.joined(separator: " ")
        switch (workspace, program.split(separator: "/").last ?? "") {
        case ("maven", "mvn"), ("maven", "mvnw"):
            let options = words.prefix { $0.hasPrefix("-") }
            let goals = words.dropFirst(options.count)
            // A goal of a plugin would run in the modules that the member needs too.
            let needs = goals.contains { $0.contains(":") } ? [] : ["-am"]
            return ([wrapper ?? "mvn"] + options + ["-pl", folder] + needs + goals).joined(separator: " ")
        case ("gradle", "gradle"), ("gradle", "gradlew"):
            let path = ":" + name.split(whereSeparator: { $0 == ":" || $0 == "/" }).joined(separator: ":")
            let tasks = words.map { word in
                word.hasPrefix("-") ? word : "\(path):\(word.hasPrefix(":") ? String(word.dropFirst()) : word)"
            }
            return ([wrapper ?? "gradle"] + tasks).joined(separator: " ")
        case ("cargo", "cargo"):
            guard let verb = words.first, ["test", "build", "clippy", "run", "check"].contains(verb) else { return nil }
            let options = words.dropFirst().filter { $0 != "--workspace" && $0 != "--all" }
            return (["cargo", verb, "-p", shellWord(name)] + options).joined(separator: " ")
        case ("go", "go"):
            guard rest.contains("./") || words.last == "." else { return nil }
            let paths = words.map { word in
                word == "." ? "./\(folder)" : word.hasPrefix("./") ? "./\(folder)/\(word.dropFirst(2))" : word
            }
            return "go " + paths.joined(separator: " ")
        case ("dotnet", "dotnet"):
            guard let verb = words.first, ["test", "build", "restore"].contains(verb) else { return nil }
            let targets = words.dropFirst().filter { !$0.hasPrefix("-") }
            let options = words.dropFirst().filter { $0.hasPrefix("-") }
            let target = targets.first.map { "\(folder)/\($0)" } ?? folder
            return (["dotnet", verb, target] + options).joined(separator: " ")
        case (_, "npm"), (_, "pnpm"), (_, "yarn"), (_, "bun"):
            return script(words, folder, manager ?? workspace)
        default: return nil
        }
    }

    /// A script of a member of a Node workspace.
    private func script(_ words: [String], _ folder: String, _ manager: String) -> String? {
        guard var name = words.first, name != "install", name != "exec", name != "ci", !name.hasPrefix("-") else {
            return nil
        }
        let isBare = ["test", "start"].contains(name)
        if name == "run" || name == "run-script" {
            guard words.count == 2 else { return nil }
            name = words[1]
        } else if !isBare || words.count > 1 {
            return nil
        }
        switch manager {
        case "npm": return isBare ? "npm \(name) -w \(folder)" : "npm run \(name) -w \(folder)"
        case "pnpm": return "pnpm --filter ./\(folder) run \(name)"
        case "yarn": return "yarn workspace \(shellWord(self.name)) run \(name)"
        case "bun": return "bun run --filter ./\(folder) \(name)"
        default: return nil
        }
    }
}

extension Detection {
    /// The command of a member of a workspace, run at the workspace's root where it can be; nil where it runs in the
    /// member's folder.
    func selected(_ task: TaskFinding, in member: MemberFinding) -> TaskFinding? {
        let kinds = ["npm": "npm", "pnpm": "pnpm", "yarn": "yarn", "bun": "bun"]
        let roots = findings.compactMap { finding -> PackageManagerFinding? in
            guard case .packageManager(let manager) = finding, manager.directory != member.directory,
                manager.directory.isEmpty || member.directory.hasPrefix(manager.directory + "/")
            else { return nil }
            let isOfKind = manager.name == member.workspace
            let isOfNode =
                ["lerna", "nx", "moon", "turbo"].contains(member.workspace) && kinds[manager.name] != nil
            return isOfKind || isOfNode ? manager : nil
        }
        guard let manager = roots.min(by: { $0.directory.utf8.count < $1.directory.utf8.count }) else { return nil }
        let root = manager.directory
        var wrapper: String?
        for case .task(let task) in findings {
            guard let program = task.command.split(separator: " ").first else { continue }
            if program == "./mvnw" && manager.name == "maven" || program == "./gradlew" && manager.name == "gradle" {
                wrapper = String(program)
            }
        }
        guard
            let command = member.selecting(
                task.command, root: root, wrapper: wrapper, manager: kinds[manager.name])
        else { return nil }
        let line = root.isEmpty ? command : "cd \(shellWord(root)) && \(command)"
        let evidence = Evidence("\(member.directory)/\(task.evidence.path)", line: task.evidence.line)
        return TaskFinding(task.name, command: line, standing: task.standing, evidence: evidence)
    }
}
