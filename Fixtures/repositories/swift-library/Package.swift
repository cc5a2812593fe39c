//swift-tools-version:6.1
import PackageDescription
let package = Package(name: "lib", targets: [.target(name: "lib"), .testTarget(name: "libTests")])
