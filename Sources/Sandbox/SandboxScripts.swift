//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The two shell scripts between this process and the sandbox. They are constant: everything that varies is in the
/// run's folder, which is the first one's argument, or in the program's own arguments, which they pass on.
enum SandboxScripts {
    /// Makes the namespaces and goes on with ``inside`` there.
    ///
    /// `unshare --fork` keeps SIGINT and SIGTERM from the process that waits, and the first process of a PID namespace
    /// is immune to them: so ^C ends the program but nothing around it. The chain dies with the caller.
    static let outside = """
        cd "$1" || exit 125
        shift
        if [ -e uid_map ]; then
            outer=$(readlink /proc/self/ns/user)
            (
                while inner=$(readlink "/proc/$$/ns/user") && [ "$inner" = "$outer" ]; do sleep 0.005; done
                if [ -e privileged ]; then
                    cat uid_map >"/proc/$$/uid_map" && cat gid_map >"/proc/$$/gid_map"
                else
                    newuidmap $$ $(cat uid_map) && newgidmap $$ $(cat gid_map)
                fi && : >mapped || : >unmapped
            ) </dev/null >/dev/null 2>map.err &
            set -- --user -- "$@"
        else
            set -- --user --map-root-user -- "$@"
        fi
        exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child "$@"
        """

    /// Mounts the root file system and starts the program in it. The engine looks for its child in `/proc`, by the
    /// number it has in this PID namespace.
    static let inside = """
        exec 8>>status
        echo unshared >&8
        if [ -e uid_map ]; then
            until [ -e mapped ]; do
                if [ -e unmapped ]; then exit 125; fi
                sleep 0.005
            done
            echo mapped >&8
        fi
        mount -t proc proc /proc 2>mount.err || exit 125
        if [ -e binfmt ]; then
            mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc 2>mount.err || exit 125
            cat binfmt 2>mount.err >/proc/sys/fs/binfmt_misc/register || exit 125
        fi
        mount -t overlay overlay -o "$(cat root.options)" root 2>mount.err || exit 125
        number=0
        while [ -e "overlay-$number" ]; do
            mount -t overlay overlay -o "$(cat "overlay-$number.options")" "overlay-$number" 2>mount.err || exit 125
            number=$((number + 1))
        done
        echo mounted >&8
        exec 9<arguments
        umask 022
        exec bwrap --args 9 --json-status-fd 8 -- "$@"
        """

    /// Removes the contents of the folders given, as the owner of everything in them.
    static let removal = """
        until [ -e mapped ]; do
            if [ -e unmapped ]; then exit 125; fi
            sleep 0.005
        done
        exec rm -rf -- "$@"
        """
}
