// swift-tools-version: 5.9
import PackageDescription

let package = Package(
    name: "shop",
    platforms: [.macOS(.v13)],
    products: [.executable(name: "shop", targets: ["App"]), .executable(name: "admin", targets: ["Admin"])],
    dependencies: [
        // .package(url: "https://github.com/vapor/redis.git", from: "4.0.0"),
        .package(url: "https://github.com/vapor/vapor.git", from: "4.92.0"),
        .package(url: "https://github.com/vapor/fluent-postgres-driver.git", from: "2.8.0"),
    ],
    targets: [
        .executableTarget(name: "App", dependencies: [.product(name: "Vapor", package: "vapor"), "CMagick"]),
        .executableTarget(name: "Admin"),
        .systemLibrary(
            name: "CMagick", pkgConfig: "MagickWand",
            providers: [
                .brew(["imagemagick"]),
                .apt([
                    "libmagickwand-dev",
                    "libwebp-dev",
                ]),
            ]),
        .systemLibrary(name: "CPoppler", pkgConfig: "poppler-glib"),
        .target(name: "Native", linkerSettings: [
            .linkedLibrary("sqlite3"), .linkedLibrary("z", .when(platforms: [.macOS])), .linkedLibrary("m"),
        ]),
        .testTarget(name: "AppTests", dependencies: ["App"]),
    ]
)
#if os(macOS)
package.targets.append(.systemLibrary(name: "CMac", providers: [.apt(["not-this"])]))
#else
package.targets.append(.systemLibrary(name: "CLinux", providers: [.apt(["libsystemd-dev"])]))
#endif
