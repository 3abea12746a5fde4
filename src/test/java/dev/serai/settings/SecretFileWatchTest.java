package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.settings.SecretFile.Kind;
import dev.serai.testing.BesideOthers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rotation goes on whatever those do that take the secret. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SecretFileWatchTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    private SecretFileWatch.Watched watched(Path file, Consumer<Secret> change) {
        return new SecretFileWatch.Watched(new SecretFile(file, Kind.KEY), new Secret("first"), change);
    }

    private Path file(String name) throws Exception {
        return Files.writeString(directory.resolve(name), "first");
    }

    private void refuseTwice(Throwable refusal, Secret secret) {
        if (refusals.incrementAndGet() <= 2) {
            switch (refusal) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new AssertionError(refusal);
            }
        }
        taken.add(secret.reveal());
    }

    @Test
    void secretThatCouldNotBeTaken_isTakenLater() throws Exception {
        Path file = file("key");
        try (var watch = new SecretFileWatch(List.of(
                watched(file, secret -> refuseTwice(new IllegalStateException("the pool is closed"), secret))))) {
            assertThat(watch).isNotNull();
            Files.writeString(file, "second");

            await().atMost(SOON).until(() -> taken.equals(List.of("second")));
        }
    }

    @Test
    void errorOfOneFile_stopsNoOther_norItself() throws Exception {
        Path broken = file("broken");
        Path good = file("good");
        try (var watch = new SecretFileWatch(List.of(
                watched(broken, secret -> refuseTwice(new StackOverflowError("a defect"), secret)),
                watched(good, secret -> taken.add("good " + secret.reveal()))))) {
            assertThat(watch).isNotNull();
            Files.writeString(broken, "second");
            Files.writeString(good, "second");

            await().atMost(SOON).until(() -> taken.contains("good second") && taken.contains("second"));
            Files.writeString(broken, "third");
            await().atMost(SOON).until(() -> taken.contains("third"));
        }
    }
}
