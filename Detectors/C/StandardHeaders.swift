//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Whether a header comes with the compiler, the C library or the kernel's interface, or belongs to another system.
func isStandardHeader(_ name: String) -> Bool {
    if let slash = name.firstIndex(of: "/") { return standardFolders.contains(String(name[..<slash]).lowercased()) }
    if !name.contains(".") { return cxxHeaders.contains(name) || name.first?.isUppercase == false }
    return standardHeaders.contains(name) || foreignHeaders.contains(name.lowercased())
}

/// Libraries that the compiler and the C library bring.
let librariesOfTheCompiler: Set<String> = [
    "c", "m", "dl", "rt", "pthread", "pthreads", "util", "resolv", "nsl", "socket", "gcc", "gcc_s", "stdc++",
    "stdc++fs", "atomic", "quadmath", "gomp",
    "crypt", "anl", "c_r", "posix4", "xnet", "ws2_32", "wsock32", "winmm", "kernel32", "user32", "gdi32", "advapi32",
    "shell32", "ole32",
    "shlwapi", "bcrypt", "crypt32", "iphlpapi", "psapi", "secur32", "netapi32", "mswsock", "rpcrt4", "dbghelp",
    "network", "be",
    "inet", "gen", "w", "cposix", "BSD", "sun", "thr", "lthread", "mingw32", "mingwex", "iconv", "intl", "compat",
    "xpg4",
    "sendfile", "execinfo", "kvm", "devstat", "devinfo", "geom", "perfstat", "odm", "cfg", "kstat", "ucb", "sec",
    "security", "posix", "svld", "dld",
    "poll", "unix", "syslog", "ld", "asan", "ubsan", "tsan", "msan", "lsan", "gcov", "profile", "Fuzzer",
    "FuzzingEngine", "c++", "c++abi", "c++experimental",
    "lib", "setupapi", "ntdll", "version", "userenv", "wldap32", "normaliz", "bind", "gnugetopt", "regex", "strptime",
]

private let standardFolders: Set<String> = [
    "sys", "linux", "asm", "asm-generic", "arpa", "net", "netinet", "netinet6", "netpacket", "bits", "rpc", "rpcsvc",
    "protocols", "scsi",
    "mach", "mach-o", "machine", "os", "xpc", "corefoundation", "coreservices", "applicationservices", "carbon",
    "cocoa", "iokit", "mtd",
    "security", "systemconfiguration", "foundation", "appkit", "opengl", "libkern", "dispatch", "objc", "windows",
    "wtypes", "vm", "uvm", "i386", "ia32",
    "experimental", "ext", "tr1", "debug", "parallel", "backward", "pstl", "gnu", "nfs", "netax25", "netash",
    "neteconet", "netipx",
    "netiucv", "netrom", "netrose", "netatalk", "common", "kernel", "be", "interface", "support", "app", "add-ons",
    "dev", "compat", "android", "emscripten", "coreaudio",
    "audiotoolbox", "audiounit", "coremidi", "coregraphics", "coretext", "quicktime", "metal", "uikit", "msvc", "atl",
    "wrl", "winrt", "bsm", "ufs", "fs", "hal", "crtdbg", "cygwin", "sanitizer",
    // Compilers of OCaml and R bring these in folders of their own.
    "caml", "r_ext",
]

private let cxxHeaders: Set<String> = [
    "algorithm", "any", "array", "atomic", "barrier", "bit", "bitset", "charconv", "chrono", "codecvt", "compare",
    "complex", "concepts",
    "condition_variable", "coroutine", "deque", "exception", "execution", "expected", "filesystem", "format",
    "forward_list",
    "fstream", "functional", "future", "generator", "initializer_list", "iomanip", "ios", "iosfwd", "iostream",
    "istream", "iterator",
    "latch", "limits", "list", "locale", "map", "mdspan", "memory", "memory_resource", "mutex", "new", "numbers",
    "numeric", "optional",
    "ostream", "print", "queue", "random", "ranges", "ratio", "regex", "scoped_allocator", "semaphore", "set",
    "shared_mutex",
    "source_location", "span", "spanstream", "sstream", "stack", "stacktrace", "stdexcept", "stdfloat", "stop_token",
    "streambuf", "string",
    "string_view", "strstream", "syncstream", "system_error", "thread", "tuple", "type_traits", "typeindex", "typeinfo",
    "unordered_map",
    "unordered_set", "utility", "valarray", "variant", "vector", "version",
]

private let standardHeaders: Set<String> = [
    "R.h", "Rinternals.h", "Rdefines.h", "Rconfig.h", "Rversion.h", "Rembedded.h", "Rinterface.h", "Rmath.h", "S.h",
    "Rcpp.h", "RcppArmadillo.h", "RcppEigen.h", "cpp11.hpp", "HsFFI.h", "Rts.h", "RtsAPI.h", "erl_nif.h",
    "erl_driver.h",
    "ei.h", "chicken.h", "escheme.h", "gprolog.h", "SWI-Prolog.h", "SWI-Stream.h",
    "assert.h", "complex.h", "ctype.h", "errno.h", "fenv.h", "float.h", "inttypes.h", "iso646.h", "limits.h",
    "locale.h", "math.h",
    "setjmp.h", "signal.h", "stdalign.h", "stdarg.h", "stdatomic.h", "stdbit.h", "stdbool.h", "stdckdint.h", "stddef.h",
    "stdint.h", "stdio.h",
    "stdlib.h", "stdnoreturn.h", "string.h", "strings.h", "tgmath.h", "threads.h", "time.h", "uchar.h", "wchar.h",
    "wctype.h",
    "aio.h", "aliases.h", "alloca.h", "argp.h", "argz.h", "ar.h", "byteswap.h", "cpio.h", "dirent.h", "dlfcn.h",
    "elf.h", "endian.h", "envz.h",
    "err.h", "error.h", "execinfo.h", "fcntl.h", "features.h", "fmtmsg.h", "fnmatch.h", "fpu_control.h", "fstab.h",
    "fts.h", "ftw.h", "gconv.h",
    "getopt.h", "glob.h", "gnu-versions.h", "grp.h", "gshadow.h", "iconv.h", "ifaddrs.h", "langinfo.h", "lastlog.h",
    "libgen.h", "libintl.h",
    "link.h", "malloc.h", "mcheck.h", "memory.h", "mntent.h", "monetary.h", "mqueue.h", "netdb.h", "nl_types.h",
    "nss.h", "obstack.h", "paths.h",
    "poll.h", "printf.h", "proc_service.h", "pthread.h", "pty.h", "pwd.h", "re_comp.h", "regex.h", "regexp.h",
    "resolv.h", "sched.h",
    "search.h", "semaphore.h", "sgtty.h", "shadow.h", "spawn.h", "stab.h", "stdio_ext.h", "stropts.h", "syscall.h",
    "sysexits.h", "syslog.h",
    "tar.h", "termio.h", "termios.h", "thread_db.h", "ttyent.h", "ucontext.h", "ulimit.h", "unistd.h", "ustat.h",
    "utime.h", "utmp.h",
    "utmpx.h", "values.h", "wait.h", "wordexp.h", "crypt.h", "a.out.h", "varargs.h", "omp.h", "quadmath.h", "cpuid.h",
    "x86intrin.h",
    "immintrin.h", "emmintrin.h", "xmmintrin.h", "mmintrin.h", "pmmintrin.h", "tmmintrin.h", "smmintrin.h",
    "nmmintrin.h", "wmmintrin.h",
    "ammintrin.h", "avxintrin.h", "avx2intrin.h", "arm_neon.h", "arm_acle.h", "arm_sve.h", "altivec.h", "vecintrin.h",
    "bmiintrin.h", "bmi2intrin.h", "popcntintrin.h", "unwind.h", "stdfix.h",
    "mm_malloc.h", "gcov.h", "cxxabi.h", "config.h", "stdc-predef.h", "prfchwintrin.h", "riscv_vector.h",
    "lasxintrin.h", "lsxintrin.h", "msa.h", "wasm_simd128.h",
]

/// Headers of Windows, macOS, the BSDs, Solaris, QNX and other systems, in lower case.
private let foreignHeaders: Set<String> = [
    "windows.h", "winsock.h", "winsock2.h", "ws2tcpip.h", "io.h", "direct.h", "process.h", "conio.h", "tchar.h",
    "intrin.h", "crtdbg.h", "share.h",
    "shlobj.h", "shlwapi.h", "psapi.h", "tlhelp32.h", "winbase.h", "windef.h", "winnt.h", "winuser.h", "wincrypt.h",
    "bcrypt.h", "ntstatus.h",
    "iphlpapi.h", "mswsock.h", "wspiapi.h", "w32api.h", "mstcpip.h", "shellapi.h", "commctrl.h", "commdlg.h",
    "winioctl.h", "winternl.h",
    "mmsystem.h", "objbase.h", "ole2.h", "comdef.h", "unknwn.h", "sdkddkver.h", "versionhelpers.h", "dbghelp.h", "eh.h",
    "excpt.h", "vcruntime.h",
    "yvals.h", "sal.h", "corecrt.h", "fibersapi.h", "synchapi.h", "processthreadsapi.h", "sysinfoapi.h", "fileapi.h",
    "handleapi.h", "winerror.h", "wincon.h", "schannel.h", "sspi.h",
    "security.h", "winldap.h", "winber.h", "afunix.h", "af_unix.h", "ntsecapi.h", "userenv.h", "aclapi.h", "sddl.h",
    "lmcons.h", "dde.h", "basetsd.h", "stralign.h",
    "availability.h", "availabilitymacros.h", "targetconditionals.h", "libproc.h", "crt_externs.h", "copyfile.h",
    "membership.h",
    "util.h", "kvm.h", "libutil.h", "login_cap.h", "stdcountof.h", "bstring.h", "floatingpoint.h", "ieeefp.h", "nan.h",
    "sunmath.h", "procfs.h", "kstat.h", "ucred.h",
    "priv.h", "stropt.h", "door.h", "port.h", "atomic.h", "thread.h", "synch.h", "libdevinfo.h", "userpw.h",
    "usersec.h", "procinfo.h", "odmi.h",
    "unixio.h", "unixlib.h", "descrip.h", "starlet.h", "ssdef.h", "iodef.h", "stsdef.h", "dos.h", "dpmi.h", "go32.h",
    "bios.h", "pc.h",
    "proto.h", "exec.h", "proto", "unix.h", "files.h", "console.h", "types.h", "mac.h", "sioux.h", "os2.h", "bsd.h",
    "osreldate.h", "os.h", "image.h", "kernel.h",
    "netpacket.h", "float16.h", "libc.h", "ndir.h", "sys.h", "vmci_sockets.h", "hfs.h", "emscripten.h", "jni_md.h",
    "resource.h", "xinput.h", "vxworks.h", "tasklib.h", "sockios.h", "stat.h",
    "mach.h", "machine.h", "cygwin.h", "netax25.h", "sigaction.h", "socklib.h", "selectlib.h", "ioslib.h",
    "taskvarlib.h", "plarena.h", "esp_system.h", "freertos.h", "lwip.h", "arduino.h", "proto_types.h", "rpcndr.h",
    "alloc.h", "sgidefs.h",
    "getopt_long.h", "socket.h", "gdiplus.h", "sanitizer.h", "xlocale.h", "machine_endian.h", "bits.h", "strstream.h",
    "iostream.h", "fstream.h", "iomanip.h", "new.h", "sun.h", "widec.h", "nsswitch.h", "removed.h", "unicode.h", "dl.h",
    "dld.h", "mach-o.h",
]
