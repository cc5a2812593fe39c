#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""What paths do not tell: programs that maintainer scripts link, and what CMake's own find modules look for."""

# Of packages that hold the same things, those to take whatever the archive's own packages build with.
PREFERRED = {"libcurl4-openssl-dev"}

# Programs that update-alternatives or a configuration script makes. The first package that the suite has is first.
PROGRAMS = {
    "aclocal": "automake", "ant": "ant", "arm-none-eabi-gcc": "gcc-arm-none-eabi", "automake": "automake",
    "awk": "mawk gawk", "bison++": "bison++", "c++": "g++", "c89": "gcc", "c99": "gcc", "cc": "gcc",
    "compare": "imagemagick", "composite": "imagemagick", "conjure": "imagemagick", "convert": "imagemagick",
    "csh": "tcsh", "ctags": "universal-ctags exuberant-ctags", "display": "imagemagick", "editor": "nano vim-tiny",
    "emacs": "emacs-nox emacs", "etags": "emacs-bin-common", "ex": "vim-tiny", "f77": "gfortran", "f95": "gfortran",
    "fakeroot": "fakeroot", "from": "bsdmainutils mailutils", "ftp": "tnftp ftp", "g77": "gfortran",
    "gradle": "gradle", "identify": "imagemagick", "import": "imagemagick", "infotocap": "ncurses-bin",
    "jar": "default-jdk-headless", "java": "default-jre-headless", "javac": "default-jdk-headless",
    "javadoc": "default-jdk-headless", "javap": "default-jdk-headless", "jshell": "default-jdk-headless",
    "kotlinc": "kotlin", "ksh": "ksh ksh93u+m mksh", "lex": "flex", "libtool": "libtool-bin", "lua": "lua5.4 lua5.3",
    "luac": "lua5.4 lua5.3", "mail": "mailutils bsd-mailx", "mailx": "bsd-mailx mailutils", "mogrify": "imagemagick",
    "montage": "imagemagick", "mpicc": "libopenmpi-dev mpich", "mpicxx": "libopenmpi-dev mpich",
    "mpic++": "libopenmpi-dev mpich", "mpiexec": "openmpi-bin mpich", "mpif90": "libopenmpi-dev mpich",
    "mpifort": "libopenmpi-dev mpich", "mpirun": "openmpi-bin mpich", "mvn": "maven", "nawk": "mawk gawk",
    "nc": "netcat-openbsd netcat-traditional", "netcat": "netcat-openbsd netcat-traditional", "node": "nodejs",
    "pager": "less", "phar": "php-cli", "php": "php-cli", "php-config": "php-dev", "phpdbg": "php-phpdbg",
    "phpize": "php-dev", "pinentry": "pinentry-curses", "prename": "rename", "python": "python-is-python3",
    "rcp": "openssh-client", "rename": "rename", "rlogin": "openssh-client", "rsh": "openssh-client",
    "scala": "scala", "scalac": "scala", "stream": "imagemagick", "telnet": "telnet inetutils-telnet",
    "traceroute": "traceroute inetutils-traceroute", "tclsh": "tcl", "vi": "vim-tiny vim", "view": "vim-tiny vim",
    "vim": "vim-nox vim", "w": "procps", "which": "debianutils", "wish": "tk", "write": "bsdutils bsdextrautils",
    "x-terminal-emulator": "xterm", "x-www-browser": "firefox-esr", "yacc": "bison byacc",
}

# Libraries behind alternatives.
LIBRARIES = {"blas": "libblas-dev", "lapack": "liblapack-dev", "cblas": "libblas-dev libatlas-base-dev",
             "mpi": "libopenmpi-dev", "stdc++": "g++", "gomp": "gcc", "gfortran": "gfortran", "readline": "libreadline-dev",
             "termcap": "libncurses-dev", "resolv": "libc6-dev", "nsl": "libnsl-dev libc6-dev"}

# Headers behind alternatives, and under names that no path shows.
HEADERS = {"cblas.h": "libblas-dev libatlas-base-dev", "lapacke.h": "liblapacke-dev", "mpi.h": "libopenmpi-dev",
           "Python.h": "python3-dev", "lua.h": "liblua5.4-dev liblua5.3-dev", "lualib.h": "liblua5.4-dev liblua5.3-dev",
           "lauxlib.h": "liblua5.4-dev liblua5.3-dev", "lua.hpp": "liblua5.4-dev liblua5.3-dev", "jni.h": "default-jdk-headless",
           "tcl.h": "tcl-dev", "tk.h": "tk-dev", "ruby.h": "ruby-dev", "omp.h": "gcc", "EXTERN.h": "libperl-dev",
           "perl.h": "libperl-dev", "XSUB.h": "libperl-dev"}

# CMake's own find modules: what makes each of them succeed. p = pkg-config module, h = header, x = program,
# l = library, and a bare name is a package.
CMAKE_MODULES = {
    "ALSA": "p:alsa", "ASPELL": "p:aspell h:aspell.h", "Armadillo": "libarmadillo-dev", "AVIFile": "",
    "BISON": "x:bison", "BLAS": "libopenblas-dev libblas-dev", "BZip2": "h:bzlib.h", "Backtrace": "libc6-dev",
    "Boost": "libboost-dev libboost-all-dev", "Bullet": "p:bullet", "CABLE": "", "CUDA": "nvidia-cuda-toolkit",
    "CUDAToolkit": "nvidia-cuda-toolkit", "CURL": "p:libcurl", "CVS": "x:cvs", "Coin3D": "libcoin-dev",
    "Cups": "h:cups/cups.h", "Curses": "libncurses-dev", "CxxTest": "cxxtest", "DCMTK": "libdcmtk-dev",
    "DevIL": "libdevil-dev", "Doxygen": "x:doxygen", "EXPAT": "p:expat", "FLEX": "x:flex",
    "FLTK": "libfltk1.3-dev libfltk1.4-dev", "Fontconfig": "p:fontconfig", "Freetype": "p:freetype2", "GDAL": "libgdal-dev",
    "GIF": "libgif-dev", "GLEW": "p:glew", "GLU": "p:glu", "GLUT": "freeglut3-dev libglut-dev", "GSL": "p:gsl",
    "GTK": "", "GTK2": "p:gtk+-2.0", "GTest": "libgtest-dev", "Gettext": "x:msgfmt", "Git": "x:git",
    "GnuTLS": "p:gnutls", "Gnuplot": "x:gnuplot", "HDF5": "libhdf5-dev", "HSPELL": "libhspell-dev hspell",
    "Hg": "x:hg", "ICU": "p:icu-uc", "Ice": "libzeroc-ice-dev", "Icotool": "x:icotool", "Iconv": "libc6-dev",
    "ImageMagick": "libmagick++-dev imagemagick", "Intl": "libc6-dev", "JNI": "default-jdk-headless", "JPEG": "libjpeg-dev",
    "Jasper": "libjasper-dev", "Java": "default-jdk-headless", "LAPACK": "libopenblas-dev liblapack-dev",
    "LATEX": "texlive-latex-extra texlive-latex-base", "LTTngUST": "p:lttng-ust", "LibArchive": "p:libarchive",
    "LibLZMA": "p:liblzma", "LibXml2": "p:libxml-2.0", "LibXslt": "p:libxslt", "Libinput": "p:libinput",
    "Lua": "liblua5.4-dev liblua5.3-dev", "Lua50": "liblua50-dev", "Lua51": "p:lua5.1", "MPEG": "", "MPI": "libopenmpi-dev",
    "Motif": "libmotif-dev", "ODBC": "unixodbc-dev", "OpenACC": "gcc", "OpenAL": "p:openal", "OpenCL": "ocl-icd-opencl-dev",
    "OpenGL": "libgl-dev libopengl-dev", "OpenMP": "gcc", "OpenSP": "libosp-dev", "OpenSSL": "p:openssl",
    "OpenSceneGraph": "libopenscenegraph-dev", "OpenThreads": "libopenscenegraph-dev", "PNG": "p:libpng",
    "Patch": "x:patch", "Perl": "perl", "PerlLibs": "libperl-dev", "PhysFS": "libphysfs-dev", "Pike": "x:pike",
    "PkgConfig": "pkgconf pkg-config", "PostgreSQL": "libpq-dev postgresql-server-dev-all",
    "Protobuf": "libprotobuf-dev", "Python": "python3-dev", "Python3": "python3-dev", "PythonInterp": "python3",
    "PythonLibs": "python3-dev", "Qt4": "libqt4-dev", "Qt": "qtbase5-dev", "Ruby": "ruby-dev", "SDL": "libsdl1.2-dev",
    "SDL_gfx": "libsdl-gfx1.2-dev", "SDL_image": "libsdl-image1.2-dev", "SDL_mixer": "libsdl-mixer1.2-dev",
    "SDL_net": "libsdl-net1.2-dev", "SDL_sound": "libsdl-sound1.2-dev", "SDL_ttf": "libsdl-ttf2.0-dev",
    "SQLite3": "p:sqlite3", "SWIG": "x:swig", "Squish": "", "Subversion": "x:svn", "TCL": "tcl-dev tk-dev",
    "TIFF": "p:libtiff-4", "TclStub": "tcl-dev", "Tclsh": "tcl", "Threads": "libc6-dev", "UnixCommands": "bash",
    "Vulkan": "libvulkan-dev", "Wget": "x:wget", "Wish": "tk", "X11": "libx11-dev", "XMLRPC": "libxmlrpc-core-c3-dev",
    "XalanC": "libxalan-c-dev", "XercesC": "libxerces-c-dev", "ZLIB": "zlib1g-dev",
    "osg": "libopenscenegraph-dev", "wxWidgets": "libwxgtk3.2-dev libwxgtk3.0-gtk3-dev",
}
