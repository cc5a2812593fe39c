//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads notebooks of Jupyter as far as they tell the language of their kernel.
///
/// The kernel stands in the metadata of the notebook
/// ([nbformat](https://nbformat.readthedocs.io/en/latest/format_description.html)), mostly at its end and one field a
/// line; the cells, with all that they have drawn, are not parsed.
struct NotebookDetector: Detector {
    let name = "notebooks"
    let summary = "*.ipynb"

    var sources: [DetectorSource] {
        [
            DetectorSource("*.ipynb", "versions of the kernels' languages", kind: .hint),
            DetectorSource("*.ipynb", "languages, start, port"),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        let notebooks = repository.packages(withExtension: "ipynb").filter { !$0.path.contains(".ipynb_checkpoints/") }
        guard let first = notebooks.first else { return [] }
        var project = ProjectFindings(repository)
        var languages: Set<String> = []
        // The nearest ones speak for all, and one that holds many pictures says no more than another.
        for file in notebooks.prefix(20) where file.size <= 4 << 20 {
            guard let kernel = kernel(of: file, repository) else { continue }
            if languages.insert(kernel.language).inserted {
                project.language(kernel.language, Evidence(file.path, line: kernel.line))
                if let version = kernel.version {
                    project.toolchain(kernel.language, .hint, version.text, Evidence(file.path, line: version.line))
                }
            }
        }
        let place = Evidence(first.path)
        let hasManifest = pythonManifests.contains(where: repository.contains)
        if !hasManifest { project.system(.program("jupyter"), .run, place) }
        project.task("start", "jupyter notebook --ip 0.0.0.0 --no-browser", .inferred, place)
        project.add(.port(PortFinding(8888, evidence: place)))
        return project.findings
    }

    private struct Kernel {
        let language: String
        let line: Int
        let version: (text: String, line: Int)?
    }

    private func kernel(of file: CheckoutFile, _ repository: Repository) -> Kernel? {
        var language: (text: String, line: Int)?
        var version: (text: String, line: Int)?
        var section = ""
        for (index, line) in repository.lines(file.path).enumerated() {
            let text = line.trimmingSpaces
            if text.hasPrefix("\"kernelspec\"") || text.hasPrefix("\"language_info\"") {
                section = text.hasPrefix("\"k") ? "kernelspec" : "language_info"
            } else if text.hasPrefix("}") {
                if text.count <= 2, !section.isEmpty { section = "" }
            } else if section == "kernelspec", let value = value(of: "language", text) {
                language = (value, index + 1)
            } else if section == "kernelspec", language == nil, let value = value(of: "name", text) {
                if let known = kernelNames.first(where: { value.hasPrefix($0.key) }) {
                    language = (known.value, index + 1)
                }
            } else if section == "language_info", let value = value(of: "version", text) {
                version = (value, index + 1)
            } else if section == "language_info", language == nil, let value = value(of: "name", text) {
                language = (value, index + 1)
            }
        }
        guard let language else { return nil }
        let name = language.text.lowercased()
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "+#-".contains($0) }) else { return nil }
        return Kernel(language: languageNames[name] ?? name, line: language.line, version: version)
    }

    private func value(of key: String, _ text: String) -> String? {
        guard text.hasPrefix("\"\(key)\":") else { return nil }
        let parts = String(text.dropFirst(key.utf8.count + 3)).parts(separatedBy: "\"")
        return parts.count >= 3 ? parts[1] : nil
    }
}

private let kernelNames = [("python", "python"), ("ir", "r"), ("julia", "julia")].map { (key: $0.0, value: $0.1) }
private let languageNames = ["python3": "python", "c++17": "c++", "c++14": "c++", "c++11": "c++"]
private let pythonManifests = [
    "pyproject.toml", "requirements.txt", "environment.yml", "environment.yaml", "Pipfile", "setup.py", "pixi.toml",
    "binder/requirements.txt", "binder/environment.yml", "uv.lock",
]
