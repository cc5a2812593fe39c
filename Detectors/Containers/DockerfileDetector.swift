//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads the project's own Dockerfiles: their base images, packages, variables and ports.
struct DockerfileDetector: Detector {
    let name = "dockerfile"
    let summary = "Dockerfile and Containerfile in the root, docker/, .devcontainer/ and .gitpod.Dockerfile"
    let sources = [
        DetectorSource("Dockerfile", "toolchains, packages, variables, ports", kind: .hint),
        DetectorSource("Dockerfile.*", "toolchains, packages, variables, ports", kind: .hint),
        DetectorSource("Earthfile", "toolchains, packages, variables", kind: .hint),
        DetectorSource("Containerfile", "toolchains, packages, variables, ports", kind: .hint),
        DetectorSource("docker/Dockerfile", "toolchains, packages, variables, ports", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        dockerfiles(repository).flatMap { path in
            // What a development container is built with says which arguments.
            var reader = DockerfileReader(repository, path: path)
            reader.read()
            return reader.project.findings
        }
    }

    private func dockerfiles(_ repository: Repository) -> [String] {
        let folders = ["", "docker", ".docker", ".devcontainer", "container", "containers", "build/docker"]
        let own = folders.flatMap { folder in dockerfiles(of: Array(repository.files(in: folder))) }
        if own.contains(where: { !$0.hasPrefix(".devcontainer/") && !$0.hasPrefix(".gitpod") }) { return own }
        // Without one of its own at the root, those of its deployment speak for a project, and those of its parts for a
        // repository without a manifest at the root, or with their own; any other is of a tool beside the project.
        let isProject = languageManifests.contains(where: repository.contains)
        let isCompiled = ["CMakeLists.txt", "meson.build", "configure.ac"].contains(where: repository.contains)
        let nested = ["Dockerfile", "Containerfile"].flatMap { repository.files(named: $0) }.filter { file in
            guard file.depth <= 3, !repository.isSecondary(file.path), !file.path.hasPrefix(".") else { return false }
            return !isProject || deploymentFolders.contains(file.directory)
                || !isCompiled && languageManifests.contains { repository.contains(joinPath(file.directory, $0)) }
        }
        return own + nested.prefix(20).map(\.path).filter { !own.contains($0) }
    }

    /// The plain file first; those for other systems only where nothing else is there.
    private func dockerfiles(of files: [CheckoutFile]) -> [String] {
        let named = files.filter { file in
            let name = file.name.lowercased()
            // Earthly's targets hold the same instructions.
            return name == "dockerfile" || name == "containerfile" || file.path == "Earthfile"
                || name == ".gitpod.dockerfile"
                || name.hasPrefix("dockerfile.") || name.hasPrefix("dockerfile-") || name.hasSuffix(".dockerfile")
        }
        func words(_ file: CheckoutFile) -> [String] {
            file.name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        let ours = named.filter { file in
            !words(file).contains { ["windows", "arm", "arm64", "armv7", "dockerignore", "nanoserver"].contains($0) }
        }
        let plain = ours.filter { file in
            !words(file).contains { ["alpine", "centos", "fedora", "rhel", "ubi"].contains($0) }
        }
        return (plain.isEmpty ? ours : plain).sorted { left, right in
            (left.name.lowercased() == "dockerfile" ? 0 : 1, left.name)
                < (right.name.lowercased() == "dockerfile" ? 0 : 1, right.name)
        }.map(\.path)
    }
}

private let deploymentFolders: Set<String> = [
    "deploy", "deployment", "deployments", "ops", "infra", "build", "packaging", "packaging/docker", "deploy/docker",
    "infra/docker", "ops/docker", "build/package", "hack", "dev", "ci", "config/docker",
]
