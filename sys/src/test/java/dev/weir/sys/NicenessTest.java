package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class NicenessTest {
    @Test
    void isTheThreadsOwnAndItsChildrens() throws Exception {
        int before = Niceness.current();
        FutureTask<Integer> ofChild = new FutureTask<>(Niceness::current);
        FutureTask<Integer> lowered = new FutureTask<>(() -> {
            Niceness.set(Math.min(19, before + 3));
            Thread.ofPlatform().start(ofChild).join();
            return Niceness.current();
        });
        Thread.ofPlatform().start(lowered).join();
        assertThat(lowered.get()).isEqualTo(Math.min(19, before + 3));
        assertThat(ofChild.get()).isEqualTo(Math.min(19, before + 3));
        assertThat(Niceness.current()).isEqualTo(before);
    }
}
