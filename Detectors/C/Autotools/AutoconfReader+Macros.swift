//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension AutoconfReader {
    /// Reads one call.
    mutating func handle(_ call: MacroCall) {
        let arguments = call.arguments.map(\.text)
        let first = arguments.first ?? ""
        switch call.name {
        case "AC_PREREQ": range("autoconf", first)
        case "AM_INIT_AUTOMAKE": startAutomake(first)
        case "LT_INIT", "AC_PROG_LIBTOOL", "AM_PROG_LIBTOOL", "LT_PREREQ": generator(.program("libtoolize"))
        case "AC_PROG_CC", "AC_PROG_CC_C99", "AM_PROG_CC_C_O": survey.language("c", evidence: evidence)
        case "AC_PROG_CXX": if !call.isConditional { survey.language("c++", evidence: evidence) }
        case "AC_PROG_FC", "AC_PROG_F77": if !call.isConditional { survey.language("fortran", evidence: evidence) }
        case "AC_PROG_LEX", "AM_PROG_LEX": need(.program("flex"), call)
        case "AC_PROG_YACC": need(.program("bison"), call)
        case "AM_GNU_GETTEXT", "AM_GNU_GETTEXT_VERSION", "AM_GLIB_GNU_GETTEXT", "AM_PO_SUBDIRS", "AM_NLS",
            "AM_GNU_GETTEXT_REQUIRE_VERSION":
            generator(.program("autopoint"))
            need(.program("msgfmt"), call)
        case "AM_ICONV": generator(.program("autopoint"))
        case "IT_PROG_INTLTOOL", "AC_PROG_INTLTOOL": need(.program("intltoolize"), call)
        case "LTDL_INIT", "LT_WITH_LTDL", "AC_WITH_LTDL", "AC_LIB_LTDL", "LT_CONFIG_LTDL_DIR", "AC_LIBLTDL_INSTALLABLE":
            survey.need(.header("ltdl.h"), isOptional: true, evidence: evidence)
        case "GTK_DOC_CHECK": generator(.program("gtkdocize"))
        case "GOBJECT_INTROSPECTION_CHECK", "GOBJECT_INTROSPECTION_REQUIRE":
            generator(.header("girepository.h"))
            survey.need(.header("girepository.h"), isOptional: true, evidence: evidence)
        case "XORG_MACROS_VERSION", "XORG_DEFAULT_OPTIONS": generator(.package("xutils-dev"))
        case "MATE_COMPILER_FLAGS", "MATE_COMMON_INIT": generator(.package("mate-common"))
        case "GNOME_COMPILE_WARNINGS", "GNOME_COMMON_INIT", "GNOME_MAINTAINER_MODE_DEFINES":
            generator(.package("gnome-common"))
        case "AC_PATH_X", "AC_PATH_XTRA": survey.need(.header("X11/Xlib.h"), isOptional: true, evidence: evidence)
        case "AM_PATH_PYTHON", "AC_PROG_PYTHON", "AX_PROG_PYTHON":
            need(.program("python3"), call, unless: arguments.count > 2 ? arguments[2] : nil)
        case "AX_PYTHON_DEVEL", "AM_CHECK_PYTHON_HEADERS": need(.package("python3-dev"), call)
        case "PKG_PROG_PKG_CONFIG", "PKG_INSTALLDIR", "PKG_CHECK_VAR":
            generator(.program("pkg-config"))
            need(.program("pkg-config"), call)
        case "PKG_CHECK_MODULES", "PKG_CHECK_MODULES_STATIC", "AX_PKG_CHECK_MODULES":
            checkModules(
                arguments.count > 1 ? arguments[1] : "", call, otherwise: arguments.count > 3 ? arguments[3] : nil)
        case "PKG_CHECK_EXISTS": checkModules(first, call, otherwise: arguments.count > 2 ? arguments[2] : "")
        case "PKG_WITH_MODULES", "PKG_HAVE_WITH_MODULES", "PKG_HAVE_DEFINE_WITH_MODULES":
            checkModules(arguments.count > 1 ? arguments[1] : "", call, otherwise: "")
        case "AC_LIB_HAVE_LINKFLAGS", "AC_LIB_LINKFLAGS": checkLibraries([first], call, otherwise: "")
        case "PHP_ADD_LIBRARY", "PHP_ADD_LIBRARY_WITH_PATH", "PHP_CHECK_LIBRARY":
            checkLibraries([first], call, otherwise: "")
        case "AC_CHECK_LIB": checkLibraries([first], call, otherwise: arguments.count > 3 ? arguments[3] : nil)
        case "AC_SEARCH_LIBS":
            checkLibraries(
                words(arguments.count > 1 ? arguments[1] : ""), call,
                otherwise: arguments.count > 3 ? arguments[3] : nil)
        case "AC_CHECK_HEADER", "AC_CHECK_HEADERS", "AC_CHECK_HEADERS_ONCE":
            checkHeaders(words(first), call, otherwise: arguments.count > 2 ? arguments[2] : nil)
        case "AC_PATH_PROG", "AC_PATH_PROGS", "AC_CHECK_PROG", "AC_CHECK_PROGS", "AC_PATH_TOOL", "AC_CHECK_TOOL",
            "AC_CHECK_TOOLS",
            "AC_PATH_TARGET_TOOL", "AX_CHECK_PROG", "AX_PATH_PROG", "AM_MISSING_PROG":
            if arguments.count > 1 { checkProgram(words(arguments[1])) }
        case "AC_SUBST":
            // `AC_SUBST([DEPS], ["zlib >= 1.2"])` sets the variable too.
            if arguments.count > 1, !arguments[1].contains("$"), !arguments[1].contains("`") {
                values[first] = arguments[1].filter { $0 != "\"" && $0 != "'" }
            }
        case "AC_CONFIG_SUBDIRS": subpackages += words(first).map { joinPath(folder, $0) }
        case "AX_CXX_COMPILE_STDCXX": if !call.isConditional { survey.standard(cxx: first, evidence: evidence) }
        case "AX_PROG_BISON", "AX_PROG_FLEX": need(.program(call.name == "AX_PROG_FLEX" ? "flex" : "bison"), call)
        default: handleByName(call, first)
        }
        if call.name.hasPrefix("AX_"), !defines(call.name) { generator(.package("autoconf-archive")) }
    }

    /// Macros that packages bring for their own library, and those of the Autoconf archive.
    private mutating func handleByName(_ call: MacroCall, _ first: String) {
        guard let requirement = requirementsOfMacros[call.name] else {
            if call.name.hasPrefix("AX_BOOST_"), call.name != "AX_BOOST_BASE" {
                let component = call.name.dropFirst(9).lowercased()
                survey.need(.cmake("boost_" + component), isOptional: call.isConditional, evidence: evidence)
            } else if call.name.hasPrefix("BOOST_"), boostLibraries.contains(String(call.name.dropFirst(6))) {
                // boost.m4's: BOOST_FILESYSTEM.
                let component = call.name.dropFirst(6).lowercased()
                survey.need(.cmake("boost_" + component), isOptional: call.isConditional, evidence: evidence)
            }
            return
        }
        // The macro itself lies in the package.
        generator(requirement)
        let isTest = testMacros.contains(call.name)
        survey.need(
            requirement, phase: isTest ? .test : .build, isOptional: isTest || call.isConditional, evidence: evidence)
    }

    private mutating func startAutomake(_ options: String) {
        usesAutomake = true
        generator(.program("automake"))
        hasDejagnu = hasDejagnu || options.contains("dejagnu")
        if let version = words(options).first(where: { $0.first?.isNumber == true && $0.contains(".") }) {
            range("automake", version)
        }
    }

    private mutating func range(_ tool: String, _ version: String) {
        guard version.first?.isNumber == true, version.allSatisfy({ $0.isNumber || $0 == "." }),
            folder == survey.directory,
            path.hasSuffix("configure.ac") || path.hasSuffix("configure.in")
        else { return }
        survey.toolchain(tool, ">= \(version)", evidence: evidence)
    }

    private mutating func generator(_ requirement: SystemRequirement) {
        if !generators.contains(where: { $0.requirement == requirement }) { generators.append((requirement, evidence)) }
    }

    private mutating func need(_ requirement: SystemRequirement, _ call: MacroCall, unless otherwise: String? = nil) {
        let isOptional = call.isConditional || otherwise.map { !stops($0) } ?? false
        survey.need(requirement, isOptional: isOptional, evidence: evidence)
    }

    /// pkg-config modules with relations: `glib-2.0 >= 2.40 gio-2.0`.
    private mutating func checkModules(_ list: String, _ call: MacroCall, otherwise: String?) {
        let isOptional = call.isConditional || otherwise.map { !stops($0) } ?? false
        generator(.program("pkg-config"))
        survey.need(.program("pkg-config"), isOptional: isOptional, evidence: evidence)
        var skipsNext = false
        for word in words(list.filter { $0 != "," && $0 != "[" && $0 != "]" }).compactMap({ expanded($0) }).flatMap({
            words($0)
        }) {
            if skipsNext {
                skipsNext = false
            } else if ["<", ">", "=", "<=", ">=", "!=", "=="].contains(word) {
                skipsNext = true
            } else {
                let module = String(word.prefix { !"<>=!".contains($0) })
                guard let start = module.first, start.isLetter || start.isNumber, module.contains(where: \.isLetter)
                else { continue }
                let phase: SystemFinding.Phase = testPackages.contains(module.lowercased()) ? .test : .build
                survey.need(.pkgConfig(module), phase: phase, isOptional: isOptional, evidence: evidence)
            }
        }
    }

    private mutating func checkLibraries(_ names: [String], _ call: MacroCall, otherwise: String?) {
        let candidates = names.compactMap { expanded($0) }.filter { !$0.isEmpty && !$0.contains("$") }
        // Found in the C library: nothing more is needed.
        guard let name = candidates.first, !candidates.contains(where: librariesOfTheCompiler.contains),
            !isInLibc(call), !survey.isOwnLibrary(name)
        else { return }
        let phase: SystemFinding.Phase = testPackages.contains(name.lowercased()) ? .test : .build
        survey.need(
            .library(name), phase: phase, isOptional: call.isConditional || !stops(otherwise), evidence: evidence)
    }

    /// Whether a check for a library only covers systems whose C library lacks a function.
    private func isInLibc(_ call: MacroCall) -> Bool {
        let place = call.name == "AC_SEARCH_LIBS" ? 0 : 1
        return call.arguments.indices.contains(place) && functionsOfLibc.contains(call.arguments[place].text)
    }

    private mutating func checkHeaders(_ names: [String], _ call: MacroCall, otherwise: String?) {
        for name in names.compactMap({ expanded($0) }) where isHeaderName(name) && !isStandardHeader(name) {
            let phase: SystemFinding.Phase =
                testPackages.contains(name.lowercased().prefix { $0 != "." && $0 != "/" }.lowercased()) ? .test : .build
            survey.need(
                .header(name), phase: phase, isOptional: call.isConditional || !stops(otherwise), evidence: evidence)
        }
    }

    /// The first of several names of a program counts, unless every system has one of them.
    private mutating func checkProgram(_ words: [String]) {
        let names = words.compactMap { expanded($0)?.split(separator: "/").last.map(String.init) }
        guard let program = names.first, !names.contains(where: programsOfEverySystem.contains),
            program.allSatisfy({ $0.isLetter || $0.isNumber || "+-_.".contains($0) }), program.first?.isLetter == true
        else { return }
        survey.needProgram(program, isOptional: true, evidence: evidence)
    }

    private func words(_ text: String) -> [String] {
        text.split { $0.isWhitespace || "\\\"'[],".contains($0) }.map(String.init)
    }
}

private let functionsOfLibc: Set<String> = [
    "accept", "acos", "bind", "clock_gettime", "clock_nanosleep", "connect", "crypt", "dlopen", "dlsym", "endpwent",
    "exp",
    "fabs", "fdatasync", "floor", "forkpty", "getaddrinfo", "gethostbyaddr", "gethostbyname", "getloadavg",
    "getnameinfo",
    "getopt_long", "getpwnam", "getservbyport_r", "getservbyname", "getsockname", "gettimeofday", "htonl", "iconv",
    "iconv_open", "inet_addr",
    "inet_aton", "inet_ntoa", "inet_ntop", "inet_pton", "log", "log10", "login", "logb", "memcpy", "nanosleep",
    "openpty", "pow",
    "printf", "pthread_create", "pthread_join", "pthread_mutex_lock", "regcomp", "res_init", "res_query", "res_search",
    "rint", "round", "sched_yield",
    "sem_init", "sem_open", "sem_wait", "sendfile", "setsockopt", "shm_open", "sin", "socket", "socketpair", "sqrt",
    "strerror", "strptime", "syslog",
    "timer_create", "trunc", "uname", "backtrace", "strlcpy", "getentropy", "gethostname", "cos", "aio_read", "mq_open",
    "posix_spawn", "yp_match", "ntohl", "select", "poll",
]

private let boostLibraries: Set<String> = [
    "ATOMIC", "CHRONO", "CONTEXT", "COROUTINE", "DATE_TIME", "FILESYSTEM", "GRAPH", "IOSTREAMS", "JSON", "LOCALE",
    "LOG",
    "MATH", "MPI", "PROGRAM_OPTIONS", "PYTHON", "RANDOM", "REGEX", "SERIALIZATION", "SYSTEM", "TEST", "THREAD", "TIMER",
    "URL", "WAVE",
]

private let testMacros: Set<String> = ["AM_PATH_CHECK", "AM_PATH_CPPUNIT", "AX_VALGRIND_CHECK", "AX_VALGRIND_DFLT"]

private let requirementsOfMacros: [String: SystemRequirement] = [
    "AM_PATH_GLIB_2_0": .pkgConfig("glib-2.0"), "AM_PATH_GTK_2_0": .pkgConfig("gtk+-2.0"),
    "AM_PATH_GTK_3_0": .pkgConfig("gtk+-3.0"), "AM_PATH_SDL": .pkgConfig("sdl"), "AM_PATH_SDL2": .pkgConfig("sdl2"),
    "AM_PATH_LIBGCRYPT": .pkgConfig("libgcrypt"), "AM_PATH_GPG_ERROR": .pkgConfig("gpg-error"),
    "AM_PATH_GPGME": .pkgConfig("gpgme"), "AM_PATH_GPGME_PTHREAD": .pkgConfig("gpgme"),
    "AM_PATH_KSBA": .pkgConfig("ksba"),
    "AM_PATH_LIBASSUAN": .pkgConfig("libassuan"), "AM_PATH_NPTH": .pkgConfig("npth"),
    "AM_PATH_CHECK": .pkgConfig("check"),
    "AM_PATH_CPPUNIT": .pkgConfig("cppunit"), "AM_PATH_XML2": .pkgConfig("libxml-2.0"),
    "AM_PATH_ALSA": .pkgConfig("alsa"),
    "AM_PATH_LIBGNUTLS": .pkgConfig("gnutls"), "AM_PATH_GSL": .pkgConfig("gsl"),
    "LIBCURL_CHECK_CONFIG": .pkgConfig("libcurl"),
    "AX_BOOST_BASE": .cmake("Boost"), "BOOST_REQUIRE": .cmake("Boost"), "AX_CHECK_OPENSSL": .pkgConfig("openssl"),
    "AX_CHECK_ZLIB": .pkgConfig("zlib"), "AX_WITH_CURSES": .header("curses.h"),
    "AX_LIB_READLINE": .header("readline/readline.h"),
    "AX_LIB_SQLITE3": .pkgConfig("sqlite3"), "AX_LIB_POSTGRESQL": .pkgConfig("libpq"),
    "AX_LIB_MYSQL": .pkgConfig("mysqlclient"),
    "AX_VALGRIND_CHECK": .program("valgrind"), "AX_VALGRIND_DFLT": .program("valgrind"), "AX_PROG_LUA": .program("lua"),
    "AX_LUA_HEADERS": .header("lua.h"),
    "AX_LIB_EXPAT": .pkgConfig("expat"), "AX_PKG_SWIG": .program("swig"), "AX_PROG_DOXYGEN": .program("doxygen"),
    "AX_CHECK_GL": .header("GL/gl.h"), "AX_CHECK_GLU": .header("GL/glu.h"), "AX_CHECK_GLUT": .cmake("GLUT"),
    "gl_FUNC_READLINE": .header("readline/readline.h"), "gl_READLINE": .header("readline/readline.h"),
    "AX_BLAS": .cmake("BLAS"), "AX_LAPACK": .cmake("LAPACK"), "AX_MPI": .program("mpicc"),
    "AX_PROG_XSLTPROC": .program("xsltproc"),
    "AX_PERL_EXT": .header("perl.h"), "XDT_CHECK_PACKAGE": .package("xfce4-dev-tools"),
    "XDT_I18N": .package("xfce4-dev-tools"), "AC_CHECK_CURL": .pkgConfig("libcurl"),
    "SC_PATH_TCLCONFIG": .header("tcl.h"), "TEA_INIT": .header("tcl.h"), "SC_PATH_TKCONFIG": .header("tk.h"),
    "AC_PROG_SWIG": .program("swig"),
    "ACX_LIBXML2": .pkgConfig("libxml-2.0"),
    "WITH_LUA": .header("lua.h"), "AC_PROG_GPERF": .program("gperf"), "AX_PROG_HELP2MAN": .program("help2man"),
]
