// swift-tools-version: 6.2
import PackageDescription
let package = Package(
    name: "old", pkgConfig: "gtk+-3.0", providers: [.apt(["libgtk-3-dev"])],
    targets: [.executableTarget(name: "tool")])
