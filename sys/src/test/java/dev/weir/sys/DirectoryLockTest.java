package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @Test
    void oneHoldsItAtATime(@TempDir Path directory) throws Exception {
        try (DirectoryLock one = DirectoryLock.open(directory);
                DirectoryLock other = DirectoryLock.open(directory)) {
            assertThat(one.tryLock()).isTrue();
            assertThat(other.tryLock()).isFalse();
            one.unlock();
            assertThat(other.tryLock()).isTrue();
            assertThat(one.tryLock()).isFalse();
            other.close();
            assertThat(one.tryLock()).isTrue();
        }
    }

    @Test
    void theDirectoryMustBeThere(@TempDir Path directory) {
        assertThatThrownBy(() -> DirectoryLock.open(directory.resolve("none")))
                .isInstanceOfSatisfying(
                        SyscallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }
}
