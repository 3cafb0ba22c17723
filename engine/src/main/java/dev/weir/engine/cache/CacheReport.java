package dev.weir.engine.cache;

import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Question;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** What operators ask of a cache's contents. Locks one shard at a time, and writes no file while holding a lock. */
final class CacheReport {
    private CacheReport() {}

    static int dump(CacheShard[] shards, Path file, boolean rawResponse, long nowSeconds, long unixSeconds)
            throws IOException {
        int lines = 0;
        try (Writer writer = Channels.newWriter(
                Files.newByteChannel(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw----"))),
                StandardCharsets.US_ASCII)) {
            writer.write("; dnsdist's packet cache dump follows\n;\n");
            byte[] buffer = new byte[PacketCache.LENGTH_MASK];
            for (CacheShard shard : shards) {
                StringBuilder text = new StringBuilder();
                shard.lock();
                try {
                    shard.forEach((key, page, at) -> {
                        int length = CacheEntry.messageLength(page, at, CacheEntry.read(page, at, buffer));
                        Name name = Name.ofWire(buffer, Question.OFFSET, CacheEntry.nameLength(page, at));
                        text.append(name).append(' ');
                        text.append(CacheEntry.validUntilSeconds(page, at) - nowSeconds);
                        text.append(' ').append(RecordType.toString(CacheEntry.type(page, at)));
                        text.append(" ; rcode ").append(Header.rcode(buffer));
                        text.append(", key ").append(Integer.toUnsignedString(key));
                        text.append(", length ").append(length);
                        text.append(", received over UDP ");
                        text.append(CacheIdentity.overUdp(CacheEntry.traits(page, at)) ? 1 : 0);
                        text.append(", added ").append(unixSeconds - nowSeconds + CacheEntry.addedSeconds(page, at));
                        if (rawResponse) {
                            text.append(", rawResponse ");
                            text.append(Base64.getEncoder().encodeToString(Arrays.copyOf(buffer, length)));
                        }
                        text.append('\n');
                        return true;
                    });
                    lines += shard.entries();
                } finally {
                    shard.unlock();
                }
                writer.append(text);
            }
        }
        return lines;
    }

    static List<Name> domainsByAddress(CacheShard[] shards, byte[] address) {
        Set<Name> names = new LinkedHashSet<>();
        forEachAddress(shards, (name, found) -> {
            if (Arrays.equals(found, address)) {
                names.add(name);
            }
        });
        return List.copyOf(names);
    }

    static List<byte[]> addressesByDomain(CacheShard[] shards, Name name) {
        List<byte[]> addresses = new ArrayList<>();
        forEachAddress(shards, (owner, found) -> {
            if (owner.equals(name) && addresses.stream().noneMatch(known -> Arrays.equals(known, found))) {
                addresses.add(found);
            }
        });
        return List.copyOf(addresses);
    }

    private static void forEachAddress(CacheShard[] shards, BiConsumer<Name, byte[]> visitor) {
        byte[] buffer = new byte[PacketCache.LENGTH_MASK];
        Records records = new Records();
        for (CacheShard shard : shards) {
            shard.lock();
            try {
                shard.forEach((key, page, at) -> {
                    int length = CacheEntry.read(page, at, buffer);
                    Name name = Name.ofWire(buffer, Question.OFFSET, CacheEntry.nameLength(page, at));
                    int state = records.start(buffer, length);
                    while (state >= 0 && (state = records.next()) > 0 && records.section() == Records.ANSWER) {
                        if (isAddress(records)) {
                            visitor.accept(
                                    name,
                                    Arrays.copyOfRange(
                                            buffer, records.rdOffset(), records.rdOffset() + records.rdLength()));
                        }
                    }
                    return true;
                });
            } finally {
                shard.unlock();
            }
        }
    }

    private static boolean isAddress(Records records) {
        return records.type() == RecordType.A && records.rdLength() == 4
                || records.type() == RecordType.AAAA && records.rdLength() == 16;
    }
}
