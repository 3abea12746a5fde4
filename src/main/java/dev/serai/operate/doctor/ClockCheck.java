package dev.serai.operate.doctor;

import dev.serai.connect.AccountLook;
import dev.serai.loop.Elapsed;
import dev.serai.operate.doctor.TransactionTrial.Skew;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * This machine's clock against others: the transaction coordinator's, by when it says that a transaction began, and the
 * provider's, by the {@code Date} of an answer.
 */
record ClockCheck(
        Once<TransactionTrial.Outcome> transaction, Once<List<ProviderSurvey.Seen>> providers, SeraiSettings settings)
        implements Check {
    /** What NTP keeps to anywhere. */
    private static final Duration USUAL = Duration.ofSeconds(1);

    private static final String REMEDY = "set both clocks by NTP (chronyc tracking, timedatectl)";

    @Override
    public List<Found> look() throws Exception {
        List<Found> found = new ArrayList<>();
        found.add(
                switch (transaction.get()) {
                    case TransactionTrial.Aborted aborted ->
                        aborted.clock()
                                .map(this::ofKafka)
                                .orElseGet(() -> Found.skipped(
                                        "Kafka's clock: this Kafka does not tell when a transaction began"));
                    case TransactionTrial.Forbidden forbidden -> unknown();
                    case TransactionTrial.TakenOver takenOver -> unknown();
                    case TransactionTrial.NotTried notTried -> unknown();
                    case TransactionTrial.Failed failed -> unknown();
                });
        for (ProviderSurvey.Seen seen : providers.get()) {
            found.add(
                    seen.reached() instanceof AccountLook.Reached reached
                                    && reached.date().isPresent()
                            ? ofProvider(seen, reached, reached.date().get())
                            : Found.skipped("the clock of " + seen.baseUrl()
                                    + " is seen by the Date of an answer only, and there was none"));
        }
        return found;
    }

    private static Found unknown() {
        return Found.skipped("Kafka's clock is seen by a transaction only, and there was none: see transactions");
    }

    /** Deadlines count from the records' timestamps; one that is further ahead than the setting is cut to that. */
    private Found ofKafka(Skew skew) {
        Duration bound = settings.conversation().maxClockSkew();
        String text = "Kafka's clock is " + text(skew)
                + " (by the time at which the coordinator says the trial transaction began)";
        if (skew.ahead().abs().minus(skew.within()).compareTo(bound) > 0) {
            return Found.error(
                    text + ", more than serai.conversation.max-clock-skew=" + Elapsed.text(bound)
                            + ": deadlines, which count from records' timestamps, are wrong by that",
                    REMEDY);
        }
        return skew.ahead().abs().minus(skew.within()).compareTo(USUAL) > 0
                ? Found.warning(text + ", more than " + Elapsed.text(USUAL) + ": deadlines are wrong by that", REMEDY)
                : Found.ok(text + ", at most " + Elapsed.text(USUAL));
    }

    /** A token that is not valid yet, or no more, lets nobody in. */
    private static Found ofProvider(ProviderSurvey.Seen seen, AccountLook.Reached reached, Instant date) {
        Duration half = reached.took().dividedBy(2).plusMillis(500);
        Skew skew = new Skew(
                Duration.between(reached.sentAt().plus(reached.took().dividedBy(2)), date.plusMillis(500)), half);
        String text = "the clock of " + seen.baseUrl() + " is " + text(skew) + " (by the Date of its answer)";
        return skew.ahead().abs().minus(skew.within()).compareTo(Duration.ofSeconds(5)) > 0
                ? Found.warning(
                        text + ", more than 5 s: tokens are told apart as valid or not by a clock that is wrong",
                        REMEDY)
                : Found.ok(text + ", at most 5 s");
    }

    private static String text(Skew skew) {
        String by = Elapsed.text(skew.ahead().abs());
        return by + (skew.ahead().isNegative() ? " behind" : " ahead of") + " this machine's, give or take "
                + Elapsed.text(skew.within());
    }
}
