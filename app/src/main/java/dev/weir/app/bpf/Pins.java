package dev.weir.app.bpf;

import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Fd;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is pinned below a directory, by kind and id. */
final class Pins {
    private final Bpf bpf;
    private final Map<BpfKind, Map<Integer, List<String>>> found = new TreeMap<>();

    Pins(Bpf bpf) {
        this.bpf = bpf;
    }

    Pins below(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                note(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // Directories of others: what can not be read is not listed.
                return FileVisitResult.CONTINUE;
            }
        });
        return this;
    }

    Map<Integer, List<String>> of(BpfKind kind) {
        return found.getOrDefault(kind, Map.of());
    }

    private void note(Path file) {
        try (Fd fd = bpf.openPinned(file, 0)) {
            BpfKind kind = BpfKind.of(fd);
            if (kind != null && kind != BpfKind.BTF) {
                int id =
                        switch (kind) {
                            case MAP -> bpf.mapInfo(fd).id();
                            case PROGRAM -> bpf.progInfo(fd).id();
                            case LINK, BTF -> bpf.linkInfo(fd).id();
                        };
                found.computeIfAbsent(kind, k -> new TreeMap<>())
                        .computeIfAbsent(id, i -> new ArrayList<>())
                        .add(file.toString());
            }
        } catch (SyscallException e) {
            // The kernel's own maps.debug and progs.debug are iterators, not pins that open.
            return;
        }
    }
}
