//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

extension PythonSurvey {
    /// Reads conda's `environment.yml` as evidence: what it takes from PyPI, what has the same name there, and which
    /// tools of the system it brings.
    mutating func readCondaEnvironment() {
        guard let file = condaFiles().first, let document = repository.yaml(file) else { return }
        let isAlone = manifest == nil && !hasDependencies
        for node in document["dependencies"]?.sequence ?? [] {
            let evidence = Evidence(file, line: node.line)
            if let text = node.string { readCondaPackage(text, isAlone: isAlone, evidence: evidence) }
            for pip in node["pip"]?.sequence ?? [] {
                guard let text = pip.string else { continue }
                let place = Evidence(file, line: pip.line)
                if text.hasPrefix("-r ") {
                    takeFile(
                        joinPath(parentPath(file), String(text.dropFirst(3)).trimmingSpaces), role: .development,
                        evidence: place)
                } else if !text.hasPrefix("-"), !text.hasPrefix(".") {
                    require(text, role: isAlone ? .runtime : .development, evidence: place)
                }
            }
        }
    }

    /// The files that describe an environment of conda, the strongest first.
    func condaFiles() -> [String] {
        let names = ["environment.yml", "environment.yaml", "environment-dev.yml", "environment_dev.yml"]
        let folders = ["", "ci", "conda", "binder", ".binder", "requirements"]
        return folders.flatMap { folder in names.map { path(joinPath(folder, $0)) } }.filter(repository.contains)
    }

    private var hasDependencies: Bool {
        findings.contains { if case .dependency = $0 { true } else { false } }
    }

    private mutating func readCondaPackage(_ text: String, isAlone: Bool, evidence: Evidence) {
        let spec = text.split(separator: ":").last.map { String($0).trimmingSpaces } ?? text
        let name = spec.prefix { !" =<>!~[".contains($0) }.lowercased()
        let rest = String(spec.dropFirst(name.count)).trimmingSpaces
        if name == "python" {
            guard !rest.isEmpty else { return }
            let constraint = condaSpecifier(rest)
            let isSingle = constraint.hasPrefix("==")
            let bare = constraint.dropFirst(2)
            python(
                isSingle ? .hint : .range,
                isSingle ? String(bare.hasSuffix(".*") ? bare.dropLast(2) : bare) : constraint,
                evidence: evidence)
        } else if case let needs = PackageNaming.conda.needs(of: name), !needs.isEmpty {
            for need in needs { system(need, .build, reason: "conda's `\(name)`", evidence: evidence) }
        } else if isAlone, !condaOnly.contains(name), !name.hasPrefix("_"), !name.hasPrefix("lib") {
            require((condaNames[name] ?? name) + condaSpecifier(rest), role: .runtime, evidence: evidence)
        }
    }
}

/// Conda's match specification as PEP 440: `=1.2` means `==1.2.*`; the build string is left out.
private func condaSpecifier(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    if text.hasPrefix("="), !text.hasPrefix("==") {
        let version = text.dropFirst().prefix { $0 != "=" && $0 != " " }
        return version.hasSuffix("*") ? "==\(version)" : "==\(version).*"
    }
    let first = text.split(separator: "|").first.map(String.init) ?? text
    return first.filter { $0 != " " }
}

private let condaNames = [
    "pytorch": "torch", "pytables": "tables", "matplotlib-base": "matplotlib", "dask-core": "dask",
    "opencv": "opencv-python-headless", "py-opencv": "opencv-python-headless", "python-graphviz": "graphviz",
    "msgpack-python": "msgpack", "tensorflow-base": "tensorflow", "pillow": "Pillow", "cython": "Cython",
    "seaborn-base": "seaborn", "plotly-express": "plotly", "ruamel_yaml": "ruamel.yaml", "faiss-cpu": "faiss-cpu",
    "xarray-core": "xarray", "geopandas-base": "geopandas", "build": "build",
]

/// Names that conda alone knows.
private let condaOnly: Set<String> = [
    "nomkl", "mkl", "blas", "openblas", "cudatoolkit", "cuda", "conda", "conda-build", "mamba", "anaconda",
    "anaconda-client",
    "pip", "zlib", "openssl", "sqlite", "readline", "tk", "xz", "ncurses", "bzip2", "ca-certificates", "vc", "gdal",
    "icu",
    "geos", "proj", "toolchain", "sysroot_linux-64", "llvm-openmp", "cudnn", "pytorch-cuda", "cpuonly",
    "ld_impl_linux-64",
]
