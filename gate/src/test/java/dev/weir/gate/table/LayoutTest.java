package dev.weir.gate.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.GuardObject;
import dev.weir.gate.SocketObject;
import dev.weir.wire.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's layouts against the types in the compiled objects, and keys against bytes written by hand. */
class LayoutTest {
    @Test
    void structsOfTheGuardAreTheirs() throws Exception {
        Btf btf = Objects.requireNonNull(GuardObject.spec().btf());
        for (StructLayout layout : List.of(
                NameKey.LAYOUT,
                SuffixKey.LAYOUT,
                Verdict.LAYOUT,
                SuffixVerdict.LAYOUT,
                RangeEnd.LAYOUT,
                Bucket.LAYOUT,
                Settings.LAYOUT,
                Event.LAYOUT)) {
            assertThat(fields(layout)).isEqualTo(fields(btf, layout.name().orElseThrow()));
        }
        assertThat(fields(PlainNameVerdict.LAYOUT))
                .isEqualTo(fields(Objects.requireNonNull(SocketObject.spec().btf()), "plain_name_verdict"));
    }

    @Test
    void countersAreTheirs() throws Exception {
        ObjectSpec guard = GuardObject.spec();
        assertThat(guard.map("stats").maxEntries()).isEqualTo(GuardCounter.values().length);
        BtfType.Enumeration counters = Objects.requireNonNull(guard.btf())
                .find(BtfType.Enumeration.class, "counter")
                .orElseThrow();
        assertThat(counters.constants().stream().map(BtfType.Constant::name).limit(GuardCounter.values().length))
                .containsExactlyElementsOf(Arrays.stream(GuardCounter.values())
                        .map(counter -> "COUNTER_" + counter)
                        .toList());
    }

    @Test
    void mapsHaveTheSizesOfTheirCodecs() throws Exception {
        ObjectSpec guard = GuardObject.spec();
        check(guard, Table.ADDR_V4.mapName(), AddressKey.V4, Verdict.CODEC);
        check(guard, Table.ADDR_V6.mapName(), AddressKey.V6, Verdict.CODEC);
        check(guard, Table.CIDR4.mapName(), RangeKey.V4, Verdict.CODEC);
        check(guard, Table.CIDR6.mapName(), RangeKey.V6, Verdict.CODEC);
        check(guard, Table.QNAMES.mapName(), NameKey.CODEC, Verdict.CODEC);
        check(guard, Table.SUFFIXES.mapName(), SuffixKey.CODEC, SuffixVerdict.CODEC);
        check(guard, Table.RATES4.mapName(), RangeKey.V4, Bucket.CODEC);
        check(guard, Table.RATES6.mapName(), RangeKey.V6, Bucket.CODEC);
        check(guard, Table.ENDS4.mapName(), AddressKey.V4, Codec.U64);
        check(guard, Table.ENDS6.mapName(), AddressKey.V6, Codec.U64);
        check(guard, Table.ENDS_CIDR4.mapName(), RangeKey.V4, RangeEnd.CODEC);
        check(guard, Table.ENDS_CIDR6.mapName(), RangeKey.V6, RangeEnd.CODEC);
        check(guard, Table.SETTINGS.mapName(), Codec.U32, Settings.CODEC);
        ObjectSpec socket = SocketObject.spec();
        check(socket, SocketTable.LEGACY_V4.mapName(), AddressKey.V4, Codec.U64);
        check(socket, SocketTable.LEGACY_V6.mapName(), AddressKey.V6, Codec.U64);
        check(socket, SocketTable.LEGACY_QNAMES.mapName(), NameKey.PLAIN, PlainNameVerdict.CODEC);
        check(socket, SocketTable.CIDR4.mapName(), RangeKey.V4, Verdict.CODEC);
        check(socket, SocketTable.CIDR6.mapName(), RangeKey.V6, Verdict.CODEC);
        check(socket, SocketTable.SUFFIXES.mapName(), SuffixKey.CODEC, SuffixVerdict.CODEC);
    }

    @Test
    void keysAreWhatDnsdistWrites() {
        assertThat(hex(AddressKey.V4, IpAddress.parse("192.0.2.1"))).isEqualTo("010200c0");
        assertThat(hex(AddressKey.V6, IpAddress.parse("2001:db8::1"))).isEqualTo("20010db8000000000000000000000001");
        assertThat(hex(RangeKey.V4, Netmask.parse("192.0.2.77/24"))).isEqualTo("18000000c0000200");
        assertThat(hex(RangeKey.V6, Netmask.parse("2001:db8::1/32")))
                .isEqualTo("20000000" + "20010db8000000000000000000000000");
        assertThat(hex(NameKey.CODEC, new NameKey(Name.parse("wWw.Ab"), 28)))
                .isEqualTo("0377777702616200" + "00".repeat(248) + "1c00");
        assertThat(hex(SuffixKey.CODEC, new SuffixKey(Name.parse("wWw.Ab"), 28)))
                .isEqualTo("48000000" + "001c" + "02616203777777" + "00".repeat(247));
        assertThat(hex(Verdict.CODEC, new Verdict(258, 129))).isEqualTo("0201000000000000" + "81" + "00".repeat(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "com", "www.example.com", "a.b.c.d.e.f.g.h", "\\000.\\255x"})
    void namesComeBackInLowerCase(String text) {
        Name name = Name.parse(text);
        assertThat(roundTrip(NameKey.CODEC, new NameKey(name, 65_535))).isEqualTo(new NameKey(name, 65_535));
        assertThat(roundTrip(SuffixKey.CODEC, new SuffixKey(name, 255))).isEqualTo(new SuffixKey(name, 255));
        assertThat(roundTrip(NameKey.PLAIN, name)).isEqualTo(name);
    }

    @Test
    void theLongestNameFitsASuffixKey() {
        Name longest = Name.parse("a.".repeat(127).substring(0, 253));
        assertThat(longest.wireLength()).isEqualTo(255);
        assertThat(roundTrip(SuffixKey.CODEC, new SuffixKey(longest, 1))).isEqualTo(new SuffixKey(longest, 1));
    }

    /** Other programs may write anything into tables that are shared; listing them must go on. */
    @Test
    void whatIsNoNameIsTakenForTheRoot() {
        byte[] noise = new byte[260];
        Arrays.fill(noise, (byte) 0xee);
        assertThat(NameKey.CODEC.decode(MemorySegment.ofArray(noise).asSlice(0, NameKey.CODEC.sizeBytes())))
                .isEqualTo(new NameKey(Name.ROOT, 0xeeee));
        assertThat(NameKey.PLAIN.decode(MemorySegment.ofArray(noise).asSlice(0, NameKey.PLAIN.sizeBytes())))
                .isEqualTo(Name.ROOT);
        assertThat(SuffixKey.CODEC.decode(MemorySegment.ofArray(noise))).isEqualTo(new SuffixKey(Name.ROOT, 0xeeee));
        MemorySegment cut = MemorySegment.ofArray(new byte[260]);
        cut.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 16 + 24);
        cut.set(ValueLayout.JAVA_BYTE, 6, (byte) 5);
        assertThat(SuffixKey.CODEC.decode(cut)).isEqualTo(new SuffixKey(Name.ROOT, 0));
    }

    private static <T> T roundTrip(Codec<T> codec, T value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(codec.sizeBytes());
            codec.encode(value, memory);
            return codec.decode(memory);
        }
    }

    private static <T> String hex(Codec<T> codec, T value) {
        byte[] bytes = new byte[codec.sizeBytes()];
        Arrays.fill(bytes, (byte) 0xee);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            codec.encode(value, memory);
            return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static void check(ObjectSpec object, String map, Codec<?> keys, Codec<?> values) {
        assertThat(object.map(map).keySize()).as("key of " + map).isEqualTo(keys.sizeBytes());
        assertThat(object.map(map).valueSize()).as("value of " + map).isEqualTo(values.sizeBytes());
    }

    private static List<String> fields(StructLayout layout) {
        List<String> fields = new ArrayList<>();
        for (MemoryLayout member : layout.memberLayouts()) {
            String name = member.name().orElseThrow();
            fields.add(name + " " + Fields.offset(layout, name) + " " + member.byteSize());
        }
        return fields;
    }

    private static List<String> fields(Btf btf, String struct) {
        BtfType.Struct type = btf.find(BtfType.Struct.class, struct).orElseThrow();
        return type.members().stream()
                .map(member -> member.name() + " " + member.bitOffset() / 8 + " "
                        + btf.sizeOf(member.type()).orElseThrow())
                .toList();
    }
}
