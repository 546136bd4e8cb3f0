"""Whether this machine's processor can run another kernel at its own speed."""

import os
import re
from pathlib import Path

KVM = Path("/dev/kvm")


def without_kvm():
    """Why KVM cannot be used; empty when it can."""
    if not KVM.exists():
        return "there is no /dev/kvm"
    if not os.access(KVM, os.R_OK | os.W_OK):
        return "/dev/kvm may not be opened"
    # KVM without these (pvm) is for kernels that were built for it: Debian's does not get past its own unpacking there.
    if not re.search(r"^flags\s*:.*\b(vmx|svm)\b", Path("/proc/cpuinfo").read_text(), re.MULTILINE):
        return "/dev/kvm is there, but the processor shows neither vmx nor svm"
    return ""


def options():
    """Of qemu. Emulation is ten times slower and otherwise the same machine; wide vector units would make it slower yet."""
    if without_kvm():
        return ["-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "Nehalem"]
    return ["-machine", "q35", "-accel", "kvm", "-cpu", "host"]
