//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The programs that are emulated, by the name of their file. They count only where the image holds that file.
let commandTable: [String: ShellFunction] = [
    fileCommands, attributeCommands, textCommands, packageCommands, accountCommands, systemCommands,
    [
        "update-locale": updateLocale, "update-alternatives": updateAlternatives,
        "pam-auth-update": updateAuthentication, "openssl": openssl, "java": java,
        "update-catalog": updateCatalog, "update-xmlcatalog": updateXMLCatalog, "perl": perl,
        "glib-compile-schemas": compileSchemas,
        "gio-querymodules": queryModules,
    ],
].reduce(into: [:]) { table, commands in table.merge(commands) { first, _ in first } }

/// Programs that are left out by policy: they manage services of a booted system, or fill caches that programs
/// compute again for themselves.
let skippedCommands: Set<String> = [
    // Services: a container has no init system that would read the links.
    "deb-systemd-helper", "deb-systemd-invoke", "systemctl", "systemd-tmpfiles", "update-rc.d", "invoke-rc.d",
    "start-stop-daemon",
    "service",
    // An identity of one machine must not be part of an image.
    "dbus-uuidgen",
    "systemd-hwdb", "systemd-machine-id-setup", "udevadm", "systemd-notify", "journalctl", "systemd-sysctl", "sysctl",
    "modprobe",
    // Byte code and caches.
    "py3compile", "pycompile", "py3clean", "pyclean", "pypy3compile", "mandb", "install-info", "update-info-dir",
    "update-menus", "update-desktop-database", "gtk-update-icon-cache", "update-icon-caches", "fc-cache",
    "update-mime", "apparmor_parser", "aa-enabled", "update-binfmts", "update-initramfs", "update-dictcommon-hunspell",
]
