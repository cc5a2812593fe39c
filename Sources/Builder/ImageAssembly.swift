//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Calendar
import Checkout
public import Environment
import Layers
public import Lock
import OCI
import Store
import SystemPackage

extension Workshop {
    /// The layer with the repository's files at `/workspace`; nil for an empty repository.
    func sourceLayer(
        _ checkout: Checkout, leavingOut written: [String], over layers: [TitledLayer], _ lock: Lockfile
    ) async throws(BuilderError) -> TitledLayer? {
        let paths = try ungenerated(checkout.sourcePaths + checkout.otherLinks, of: checkout, layers).filter { path in
            !written.contains { path == $0 || path.hasPrefix($0 + "/") || isUnfinished(path, of: FilePath($0)) }
        }
        guard let prefix = EntryPath(Place.workspace), !paths.isEmpty else { return nil }
        let layer = try await wrappingLayers {
            let capture = try captureFiles(
                paths, of: FilePath(checkout.root), time: lock.sourceDateEpoch)
            return try writeLayer(
                fromTree: capture.moved(below: prefix), time: lock.sourceDateEpoch, compression: compression, in: store)
        }
        return TitledLayer(layer: layer, title: "the repository's files")
    }

    /// The image of these layers.
    func image(
        of layers: [TitledLayer], platform: LockedPlatform, _ spec: EnvironmentSpec, _ lock: Lockfile
    ) throws(BuilderError) -> Image {
        guard let identity = Platform(platform.name) else {
            throw .unsupported("`\(platform.name)` is not a platform", hint: "write for example `linux/amd64`")
        }
        var execution = ImageConfig.Execution()
        execution.environment = imageVariables(spec, platform).map { "\($0.name)=\($0.value)" }
        execution.entrypoint = [Place.entrypoint]
        execution.command = ["/bin/bash"]
        execution.workingDirectory = Place.workspace
        execution.labels = ["org.opencontainers.image.base.name": lock.base]
        let config = ImageConfig(platform: identity, created: timestamp(lock.sourceDateEpoch), config: execution)
        let parts = layers.map { item in
            ImageLayer(
                descriptor: Descriptor(
                    mediaType: item.layer.mediaType, digest: item.layer.digest, size: item.layer.size),
                diffID: item.layer.diffID, createdBy: "fitout: \(item.title)", comment: item.layer.compression.identity)
        }
        do throws(OCIError) { return try Image(config: config, layers: parts) } catch { throw .oci(error) }
    }
}

/// The variables of an image's configuration, in a fixed order.
public func imageVariables(_ spec: EnvironmentSpec, _ platform: LockedPlatform) -> [EnvironmentVariable] {
    let folders = ["/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games"]
    let system = (folders + toolFolders(ofPackages: platform.packages.map(\.name))).joined(separator: ":")
    let hasPython = !platform.steps.isEmpty
    var variables = [
        EnvironmentVariable(name: "PATH", value: hasPython ? "\(Place.environment)/bin:\(system)" : system),
        EnvironmentVariable(name: "LANG", value: "C.UTF-8"),
    ]
    if hasPython { variables.append(EnvironmentVariable(name: "VIRTUAL_ENV", value: Place.environment)) }
    let java = platform.packages.map(\.name).filter { $0.hasPrefix("openjdk-") && $0.hasSuffix("-jdk-headless") }.max()
    if let java {
        let release = java.dropFirst("openjdk-".count).prefix { $0.isNumber }
        let home = "/usr/lib/jvm/java-\(release)-openjdk-\(platform.architecture)"
        variables.append(EnvironmentVariable(name: "JAVA_HOME", value: home))
    }
    for variable in spec.environment.map(\.value) {
        variables.removeAll { $0.name == variable.name }
        variables.append(variable)
    }
    return variables
}
