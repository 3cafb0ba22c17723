package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.map.MapSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Global variables: found by name in the data sections' BTF, written into the maps' contents. */
final class Variables {
    private Variables() {}

    static List<MapSpec> rewrite(Btf btf, List<MapSpec> maps, Map<String, ?> values) {
        Map<String, Object> left = new HashMap<>(values);
        List<MapSpec> changed = new ArrayList<>();
        for (MapSpec map : maps) {
            MapSpec result = map;
            if (map.valueType() != 0 && btf.type(map.valueType()) instanceof BtfType.DataSection section) {
                for (BtfType.Placed placed : section.variables()) {
                    if (btf.type(placed.variable()) instanceof BtfType.Variable variable
                            && left.containsKey(variable.name())) {
                        Object value = left.remove(variable.name());
                        result = write(btf, result, placed, variable, value);
                    }
                }
            }
            changed.add(result);
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("the object has no global variable " + String.join(", ", left.keySet()));
        }
        return changed;
    }

    private static MapSpec write(Btf btf, MapSpec map, BtfType.Placed placed, BtfType.Variable variable, Object value) {
        byte[] bytes = encode(btf, placed, variable, value);
        byte[] contents = map.contents().length == 0
                ? new byte[map.valueSize()]
                : map.contents().clone();
        System.arraycopy(bytes, 0, contents, (int) placed.offset(), bytes.length);
        return map.withContents(contents);
    }

    private static byte[] encode(Btf btf, BtfType.Placed placed, BtfType.Variable variable, Object value) {
        int size = (int) placed.sizeBytes();
        long number;
        switch (value) {
            case byte[] bytes -> {
                if (bytes.length != size) {
                    throw new IllegalArgumentException(
                            variable.name() + " has " + size + " bytes, the value " + bytes.length);
                }
                return bytes;
            }
            case Boolean flag -> number = flag ? 1 : 0;
            case Number n -> number = n.longValue();
            default ->
                throw new IllegalArgumentException(
                        variable.name() + " can not be a " + value.getClass().getSimpleName());
        }
        boolean signed =
                switch (btf.resolve(variable.type())) {
                    case BtfType.Int i -> i.signed();
                    case BtfType.Enumeration e -> e.signed();
                    default ->
                        throw new IllegalArgumentException(variable.name() + " is no integer: give its bytes instead");
                };
        if (!fits(number, size, signed)) {
            throw new IllegalArgumentException(number + " does not fit " + variable.name() + " of " + size + " bytes");
        }
        byte[] wide = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
        return java.util.Arrays.copyOf(wide, size);
    }

    private static boolean fits(long number, int size, boolean signed) {
        if (size >= Long.BYTES) {
            return true;
        }
        int bits = size * Byte.SIZE;
        return signed ? number >= -1L << bits - 1 && number < 1L << bits - 1 : number >= 0 && number < 1L << bits;
    }
}
