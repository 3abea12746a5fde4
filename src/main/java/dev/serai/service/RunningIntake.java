package dev.serai.service;

import dev.serai.intake.Intake;
import dev.serai.intake.IntakeMetrics;
import dev.serai.observe.IntakeHealth;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One intake with its engine and its files. */
record RunningIntake(Intake intake, TopicEngine engine, IntakeFiles files) implements AutoCloseable {
    /** Has metrics tell of it. */
    void watch(Clock clock) {
        IntakeMetrics metrics = intake.metrics();
        metrics.watch(
                "serai.intake.held",
                "Raw records held: waiting, being mapped, being committed",
                () -> engine.assignments().held());
        metrics.watch(
                "serai.intake.oldest.record.age.seconds",
                "Since the oldest raw record that is held was published; 0 if there is none",
                () -> intake.held().oldestAge(clock.instant()).toMillis() / 1000.0);
        metrics.watch(
                "serai.intake.partitions",
                "Partitions of an intake's topic that this process owns and reads",
                () -> engine.assignments().partitions());
        metrics.watch(
                "serai.intake.unanswered",
                "Raw records whose route ended with neither events nor a dead letter; they hold back their partition's"
                        + " offset",
                () -> engine.assignments().unanswered());
    }

    /** @param trouble why what it makes could not be published now; empty if nothing is in its way */
    IntakeHealth health(Supplier<Optional<String>> trouble) {
        return IntakeHealth.ofMapped(intake.name(), () -> problems(trouble), engine::owned, () -> engine.assignments()
                .partitions());
    }

    private List<String> problems(Supplier<Optional<String>> trouble) {
        List<String> problems = new ArrayList<>(engine.problems());
        engine.stalled().ifPresent(problems::add);
        trouble.get().ifPresent(problems::add);
        int stuck = engine.assignments().unanswered();
        if (stuck > 0) {
            problems.add(
                    stuck + " of its records ended with neither events nor a dead letter: the log says why; restart to"
                            + " map them again");
        }
        return problems;
    }

    @Override
    public void close() {
        engine.close();
        files.close();
    }
}
