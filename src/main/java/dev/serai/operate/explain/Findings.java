package dev.serai.operate.explain;

import dev.serai.operate.letters.Letter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What has been found so far: of each kind the newest, and no more than there is memory for. For one thread. */
final class Findings {
    private static final int MOST = 1_000;

    /** They have their values. */
    private static final int MOST_LETTERS = 100;

    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::partition).thenComparingLong(Position::offset);

    final TreeMap<Position, Arrival> arrivals = new TreeMap<>(ORDER);
    final TreeMap<Position, Arrival> undecided = new TreeMap<>(ORDER);
    final TreeMap<Position, Letter> letters = new TreeMap<>(ORDER);
    final List<FoundReply> answers = new ArrayList<>();
    final List<RawSeen> raw = new ArrayList<>();
    final List<Looked> looked = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    final TreeSet<String> forbidden = new TreeSet<>();
    final List<Extent> held = new ArrayList<>();
    final List<GroupSeen> groups = new ArrayList<>();

    /** Of the conversation; null while it is not known, and without one. */
    byte @Nullable [] key;

    void arrived(Arrival arrival) {
        arrivals.put(arrival.at(), arrival);
        bound(arrivals, MOST, "events");
    }

    void arrivedUndecided(Arrival arrival) {
        undecided.put(arrival.at(), arrival);
        bound(undecided, MOST, "events that are not committed");
    }

    void letter(Letter letter) {
        letters.put(
                new Position(
                        letter.asRecord().topic(),
                        letter.asRecord().partition(),
                        letter.asRecord().offset()),
                letter);
        bound(letters, MOST_LETTERS, "dead letters");
    }

    void answered(FoundReply answer) {
        if (answers.stream().noneMatch(known -> known.at().equals(answer.at()))) {
            answers.add(answer);
        }
        if (answers.size() > 2 * MOST) {
            note("only the last " + MOST + " replies are shown");
            sortAnswers();
            answers.subList(0, answers.size() - MOST).clear();
        }
    }

    void sortAnswers() {
        answers.sort(Comparator.comparing(FoundReply::publishedAt)
                .thenComparing(answer -> answer.at().offset()));
    }

    /** Once each. */
    void note(String note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    private <T> void bound(NavigableMap<Position, T> all, int most, String what) {
        if (all.size() > most) {
            all.pollFirstEntry();
            note("only the last " + most + " " + what + " are shown");
        }
    }
}
