package dev.weir.ebpf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.elf.KernelSetting;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.MapSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The settings that the running kernel was built with, for the map {@code .kconfig}: from {@code /proc/config.gz}, else from
 * {@code /boot/config-VERSION}; and a few that are no settings but have the form of some, as libbpf offers them.
 *
 * @see <a href="https://docs.kernel.org/bpf/libbpf/libbpf_overview.html">libbpf overview</a>
 */
final class KernelSettings {
    private static final Path IN_PROC = Path.of("/proc/config.gz");
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");
    /** {@code enum libbpf_tristate}. */
    private static final String TRISTATE = "libbpf_tristate";

    private static final int MODULE = 2;
    private static final int MAX_PATCH = 255;
    private static final int COOKIES_SINCE = version("5.15");

    private final Map<String, String> values;
    private final String source;

    private KernelSettings(Map<String, String> values, String source) {
        this.values = values;
        this.source = source;
    }

    /** Returns the map {@code .kconfig} with this kernel's settings in it. @throws IOException if it lacks one that is not optional */
    static MapSpec fill(ObjectSpec spec, MapSpec map) throws IOException {
        Btf types = spec.btf();
        if (types == null) {
            return map;
        }
        boolean needsFile = spec.settings().stream().anyMatch(s -> builtIn(s.name()) == null);
        KernelSettings settings = needsFile ? read() : new KernelSettings(Map.of(), "");
        ByteBuffer contents = ByteBuffer.wrap(map.contents().clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (KernelSetting setting : spec.settings()) {
            settings.put(types, setting, contents);
        }
        return map.withContents(contents.array());
    }

    private static KernelSettings read() throws IOException {
        Path inBoot = Path.of("/boot/config-" + System.getProperty("os.version"));
        for (Path file : new Path[] {IN_PROC, inBoot}) {
            if (Files.isReadable(file)) {
                try (InputStream raw = Files.newInputStream(file);
                        InputStream in = file.equals(IN_PROC) ? new GZIPInputStream(raw) : raw) {
                    return new KernelSettings(parse(in), file.toString());
                }
            }
        }
        return new KernelSettings(Map.of(), IN_PROC + " or " + inBoot + ", none of which is there");
    }

    static Map<String, String> parse(InputStream in) throws IOException {
        Map<String, String> values = new HashMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int equals = line.indexOf('=');
            // "# CONFIG_X is not set" says the same as nothing.
            if (line.startsWith("CONFIG_") && equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1).strip());
            }
        }
        return values;
    }

    private static @Nullable String builtIn(String name) {
        return switch (name) {
            case "LINUX_KERNEL_VERSION" -> String.valueOf(version(System.getProperty("os.version", "")));
            case "LINUX_HAS_BPF_COOKIE" -> version(System.getProperty("os.version", "")) >= COOKIES_SINCE ? "y" : "n";
            // x86_64 since 4.17 and aarch64 since 4.19 wrap system calls, and BTF came later than both.
            case "LINUX_HAS_SYSCALL_WRAPPER" -> "y";
            default -> null;
        };
    }

    /** {@code KERNEL_VERSION(a, b, c)}. */
    static int version(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            return 0;
        }
        int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return Integer.parseInt(matcher.group(1)) << 16
                | Integer.parseInt(matcher.group(2)) << 8
                | Math.min(patch, MAX_PATCH);
    }

    private void put(Btf types, KernelSetting setting, ByteBuffer contents) throws IOException {
        String builtIn = builtIn(setting.name());
        String value = builtIn == null ? values.get(setting.name()) : builtIn;
        if (value == null) {
            if (setting.optional()) {
                return;
            }
            throw new IOException(
                    "the object needs the kernel's setting " + setting.name() + ", which is not in " + source);
        }
        BtfType type = types.resolve(setting.type());
        if (type instanceof BtfType.Array array) {
            text(types, array, setting, value, contents);
            return;
        }
        long number = number(type, setting, value);
        for (int i = 0; i < setting.sizeBytes(); i++) {
            contents.put(setting.offset() + i, (byte) (i < Long.BYTES ? number >> i * Byte.SIZE : 0));
        }
    }

    private static long number(BtfType type, KernelSetting setting, String value) throws IOException {
        boolean answer = value.equals("y") || value.equals("n") || value.equals("m");
        return switch (type) {
            case BtfType.Enumeration e
            when e.name().equals(TRISTATE) && answer -> value.equals("y") ? 1 : value.equals("m") ? MODULE : 0;
            case BtfType.Int i when i.isBool() && (value.equals("y") || value.equals("n")) -> value.equals("y") ? 1 : 0;
            case BtfType.Int i when answer && i.sizeBytes() == 1 && !i.isBool() -> value.charAt(0);
            case BtfType.Int i when !answer && !value.startsWith("\"") -> decoded(i, setting, value);
            default -> throw mismatch(setting, value);
        };
    }

    private static long decoded(BtfType.Int type, KernelSetting setting, String value) throws IOException {
        try {
            long number = value.startsWith("0x") || value.startsWith("0X")
                    ? Long.parseUnsignedLong(value.substring(2), 16)
                    : Long.parseLong(value);
            int bits = Math.min(type.sizeBytes(), Long.BYTES) * Byte.SIZE;
            boolean fits = bits == Long.SIZE
                    || (type.signed()
                            ? number >= -(1L << bits - 1) && number < 1L << bits - 1
                            : number >= 0 && number < 1L << bits);
            if (fits) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException(mismatch(setting, value).getMessage(), e);
        }
        throw mismatch(setting, value);
    }

    private static void text(Btf types, BtfType.Array array, KernelSetting setting, String value, ByteBuffer contents)
            throws IOException {
        boolean chars = types.resolve(array.element()) instanceof BtfType.Int i && i.sizeBytes() == 1;
        if (!chars || !value.startsWith("\"") || !value.endsWith("\"") || value.length() < 2) {
            throw mismatch(setting, value);
        }
        byte[] text = value.substring(1, value.length() - 1).getBytes(StandardCharsets.UTF_8);
        contents.put(setting.offset(), text, 0, Math.min(text.length, setting.sizeBytes() - 1));
    }

    private static IOException mismatch(KernelSetting setting, String value) {
        return new IOException("the kernel's setting " + setting.name() + " is " + value
                + ", which is nothing for the object's variable of " + setting.sizeBytes() + " bytes");
    }
}
