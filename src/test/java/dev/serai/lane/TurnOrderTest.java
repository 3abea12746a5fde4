package dev.serai.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.lane.Standing.Rank;
import dev.serai.lane.TurnOrder.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TurnOrderTest {
    private static final Instant SOON = Instant.parse("2026-01-31T10:00:00Z");
    private static final Instant LATER = SOON.plusSeconds(3_600);

    private long number;

    private Waiting<String> waiting(String flow, Instant due) {
        return new Waiting<>(flow + number, flow, Rank.FOREGROUND, due, number++);
    }

    private static List<String> takeAll(TurnOrder<String> order) {
        List<String> taken = new ArrayList<>();
        for (Waiting<String> next = order.next(); next != null; next = order.next()) {
            taken.add(next.flow().toString());
        }
        return taken;
    }

    private void addBackground(TurnOrder<String> order, int count, String flow, Instant due) {
        for (int i = 0; i < count; i++) {
            order.add(new Waiting<>(flow + number, flow, Rank.BACKGROUND, due, number++));
        }
    }

    private void add(TurnOrder<String> order, int count, String flow, Instant due) {
        for (int i = 0; i < count; i++) {
            order.add(waiting(flow, due));
        }
    }

    @Test
    void oneFlow_getsHalfOfThePlaces() {
        TurnOrder<String> order = new TurnOrder<>(900);
        add(order, 1_000, "a", SOON);

        assertThat(takeAll(order)).hasSize(451);
        assertThat(order.running()).isEqualTo(451);
    }

    @Test
    void flowsThatAreStuck_leavePlacesForTheNext() {
        TurnOrder<String> order = new TurnOrder<>(900);
        for (int flow = 0; flow < 5; flow++) {
            add(order, 1_000, "stuck-" + flow, SOON);
        }
        takeAll(order);

        add(order, 100, "next", LATER);

        assertThat(takeAll(order)).hasSize(14).containsOnly("next");
    }

    /** Places are shared as soon as they become free, and not only among those that come at once. */
    @Test
    void flowWithMoreThanItsShare_givesWay() {
        TurnOrder<String> order = new TurnOrder<>(90);
        add(order, 100, "first", SOON);
        assertThat(takeAll(order)).hasSize(46);
        add(order, 100, "second", LATER);
        assertThat(takeAll(order)).hasSize(23);

        for (int i = 0; i < 15; i++) {
            order.ended("first");
            takeAll(order);
        }

        assertThat(order.running()).isEqualTo(61);
        for (int i = 0; i < 30; i++) {
            order.ended("second");
        }
        assertThatThrownBy(() -> order.ended("second")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void smallCapacities_areUsed() {
        for (int capacity : new int[] {1, 2}) {
            TurnOrder<String> order = new TurnOrder<>(capacity);
            add(order, 10, "a", SOON);
            assertThat(takeAll(order)).hasSize(capacity);
        }
    }

    @Test
    void whatIsDueFirst_goesFirst_andEveryEighthTurnIsForWhoHasWaitedLongest() {
        TurnOrder<String> order = new TurnOrder<>(1);
        add(order, 10, "batch", LATER);
        add(order, 30, "caller", SOON);

        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String flow = takeAll(order).getFirst();
            turns.add(flow);
            order.ended(flow);
        }

        assertThat(turns).filteredOn("batch"::equals).hasSize(2);
        assertThat(turns.get(7)).isEqualTo("batch");
        assertThat(turns.get(15)).isEqualTo("batch");
    }

    /** Issue 17: however many flows of batches there are. */
    @Test
    void backgroundFlows_haveHalfOfThePlacesTogether() {
        for (int capacity = 1; capacity <= 9; capacity++) {
            TurnOrder<String> order = new TurnOrder<>(capacity);
            for (int flow = 0; flow < 5; flow++) {
                addBackground(order, 100, "batch-" + flow, SOON);
            }
            assertThat(takeAll(order)).hasSize((capacity + 1) / 2);
        }
        TurnOrder<String> order = new TurnOrder<>(900);
        for (int flow = 0; flow < 5; flow++) {
            addBackground(order, 1_000, "batch-" + flow, SOON);
        }
        assertThat(takeAll(order)).hasSize(450);
        add(order, 1_000, "caller", LATER);
        assertThat(takeAll(order)).hasSize(226).containsOnly("caller");
        for (int i = 0; i < 100; i++) {
            order.ended("batch-0");
        }
        assertThat(takeAll(order)).contains("caller").noneMatch(flow -> flow.startsWith("batch"));
    }

    /** Also when it is due later and has come later, and every eighth turn. */
    @Test
    void foreground_goesFirst() {
        TurnOrder<String> order = new TurnOrder<>(1);
        addBackground(order, 10, "batch", SOON);
        add(order, 30, "caller", LATER);

        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String flow = takeAll(order).getFirst();
            turns.add(flow);
            order.ended(flow);
        }

        assertThat(turns.subList(0, 30)).containsOnly("caller");
        assertThat(turns.subList(30, 40)).containsOnly("batch");
    }

    @Test
    void whatDoesNotWaitAnyMore_getsNoTurn() {
        TurnOrder<String> order = new TurnOrder<>(1);
        Waiting<String> gone = waiting("a", SOON);
        order.add(gone);

        order.remove(gone);

        assertThat(order.next()).isNull();
    }
}
