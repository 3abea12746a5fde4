package dev.serai.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
@LeftToCi
class OutOfMemoryTest {

    /** What runs out of memory in another process. */
    static final class Greedy {
        private Greedy() {}

        public static void main(String[] arguments) {
            OutOfMemory.endProcessIf(new IllegalStateException("not that"));
            OutOfMemory.endProcessIf(
                    new IllegalStateException("wrapped", new ExecutionException(new OutOfMemoryError("test"))));
            System.exit(0);
        }
    }

    @Test
    void process_endsWithTheExitCodeOfTheJvm_andSaysWhy() throws Exception {
        try (JavaProcess process = JavaProcess.start(JavaProcess.classPath(), Greedy.class)) {
            assertThat(process.exitCode()).isEqualTo(OutOfMemory.EXIT_CODE);
            assertThat(process.errors()).contains("Memory has run out", "raise -Xmx");
        }
    }
}
