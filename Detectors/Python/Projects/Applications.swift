//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

extension PythonSurvey {
    /// Reports how a web application is started, where the framework and the file that makes the application are there.
    mutating func reportApplication() {
        if repository.contains(path("manage.py")), uses("django") {
            return start("python manage.py runserver 0.0.0.0:8000", port: 8000, Evidence(path("manage.py")))
        }
        for framework in frameworks where uses(framework.name) {
            guard let found = application(framework.constructor) else { continue }
            return start(framework.command(found.file, found.module, found.variable), port: framework.port, found.place)
        }
        if uses("streamlit"), let file = entryFile(mentioning: "streamlit") {
            return start(
                "streamlit run \(shellQuoted(file.path))", port: 8501, Evidence(path(file.path), line: file.line))
        }
        if manifest == nil, let file = ["main.py", "app.py"].first(where: { repository.contains(path($0)) }) {
            let evidence = Evidence(path(file))
            task("start", "python \(file)", .inferred, evidence: evidence)
        }
    }

    /// Reports the linters whose configuration is there and that the project installs.
    mutating func reportLinters() {
        let tool = repository.toml(path("pyproject.toml"))?["tool"]
        for linter in linters where isDeclared(linter.name, in: Set(DependencyFinding.Role.allCases)) {
            let file = linter.files.map { path($0) }.first(where: repository.contains)
            let table = linter.table.flatMap { tool?[$0] }
            guard
                let evidence = file.map({ Evidence($0) })
                    ?? table.map({ Evidence(path("pyproject.toml"), line: $0.line) })
            else { continue }
            return task("lint", linter.command, .inferred, evidence: evidence)
        }
    }

    private mutating func start(_ command: String, port: Int, _ evidence: Evidence) {
        task("start", command, .inferred, evidence: evidence)
        report(.port(PortFinding(port, evidence: evidence)))
    }

    private func uses(_ distribution: String) -> Bool {
        isDeclared(distribution) || locked[distribution] != nil
    }

    private struct Application {
        /// The file from the project's folder.
        let file: String
        /// The name to import it by.
        let module: String
        let variable: String
        let place: Evidence
    }

    /// The first file of the usual names that assigns an application to a name: `app = FastAPI(`.
    private func application(_ constructor: String) -> Application? {
        for file in entryFiles() {
            for (index, line) in repository.lines(path(file)).enumerated() {
                guard let equals = line.firstIndex(of: "="), line.first?.isLetter == true || line.first == "_" else {
                    continue
                }
                let value = line[line.index(after: equals)...].drop { $0 == " " }
                let isApplication = value.hasPrefix("\(constructor)(") || value.contains(".\(constructor)(")
                guard isApplication, let variable = line[..<equals].split(whereSeparator: { " :".contains($0) }).first
                else { continue }
                var module = file.dropLast(3).split(separator: "/").map(String.init)
                if module.first == "src" { module.removeFirst() }
                return Application(
                    file: file, module: module.joined(separator: "."), variable: String(variable),
                    place: Evidence(path(file), line: index + 1))
            }
        }
        return nil
    }

    private func entryFile(mentioning module: String) -> (path: String, line: Int)? {
        for file in entryFiles() {
            let lines = repository.lines(path(file))
            let line = lines.firstIndex { $0.hasPrefix("import \(module)") || $0.hasPrefix("from \(module)") }
            if let line { return (file, line + 1) }
        }
        return nil
    }

    /// Files that usually make the application, from the project's folder.
    private func entryFiles() -> [String] {
        let stems = ["main", "app", "server", "api", "wsgi", "asgi", "application", "streamlit_app", "Home"]
        let package = (name ?? "").replacing(text: "-", with: "_").lowercased()
        let folders =
            ["", "app", "src", "api", "server", "backend"] + (package.isEmpty ? [] : [package, "src/\(package)"])
        return folders.flatMap { folder in (stems + ["__init__"]).map { joinPath(folder, "\($0).py") } }
            .filter { repository.contains(path($0)) }
    }
}

private struct Framework {
    let name: String
    let constructor: String
    let port: Int
    /// The command for a file, the module it is and the variable that holds the application.
    let command: @Sendable (String, String, String) -> String
}

private let frameworks = [
    Framework(name: "fastapi", constructor: "FastAPI", port: 8000) { "uvicorn \($1):\($2) --host 0.0.0.0 --port 8000" },
    Framework(name: "starlette", constructor: "Starlette", port: 8000) {
        "uvicorn \($1):\($2) --host 0.0.0.0 --port 8000"
    },
    Framework(name: "litestar", constructor: "Litestar", port: 8000) {
        "litestar --app \($1):\($2) run --host 0.0.0.0 --port 8000"
    },
    Framework(name: "flask", constructor: "Flask", port: 5000) {
        "flask --app \($1):\($2) run --host 0.0.0.0 --port 5000"
    },
    Framework(name: "quart", constructor: "Quart", port: 5000) {
        "quart --app \($1):\($2) run --host 0.0.0.0 --port 5000"
    },
    Framework(name: "sanic", constructor: "Sanic", port: 8000) { "sanic \($1):\($2) --host 0.0.0.0 --port 8000" },
    Framework(name: "dash", constructor: "Dash", port: 8050) { file, _, _ in "python \(shellQuoted(file))" },
]

private let linters: [(name: String, files: [String], table: String?, command: String)] = [
    ("ruff", ["ruff.toml", ".ruff.toml"], "ruff", "ruff check ."), ("flake8", [".flake8"], "flake8", "flake8"),
    ("pylint", [".pylintrc", "pylintrc"], "pylint", "pylint --recursive=y ."),
    ("pre-commit", [".pre-commit-config.yaml"], nil, "pre-commit run --all-files"),
]
