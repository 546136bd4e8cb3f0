"""A Java class without a compiler: public, with a constructor that takes nothing, and nothing else."""
import struct


def java_class(name, extends):
    """The bytes of NAME.class; names with slashes, such as org/example/Nothing."""
    def text(word):
        return b"\x01" + struct.pack(">H", len(word)) + word.encode()

    # 1 and 3 are the classes, named by 2 and 4; 5 is the other's constructor.
    constants = [b"\x07" + struct.pack(">H", 2), text(name), b"\x07" + struct.pack(">H", 4), text(extends),
                 b"\x0a" + struct.pack(">HH", 3, 6), b"\x0c" + struct.pack(">HH", 7, 8), text("<init>"), text("()V"), text("Code")]
    body = b"\x2a\xb7" + struct.pack(">H", 5) + b"\xb1"  # super()
    code = struct.pack(">HHI", 1, 1, len(body)) + body + struct.pack(">HH", 0, 0)
    constructor = struct.pack(">HHHHHI", 1, 7, 8, 1, 9, len(code)) + code
    return (b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 52, len(constants) + 1) + b"".join(constants)
            + struct.pack(">HHHHH", 0x21, 1, 3, 0, 0) + struct.pack(">H", 1) + constructor + struct.pack(">H", 0))
