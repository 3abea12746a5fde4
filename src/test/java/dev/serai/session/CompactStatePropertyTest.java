package dev.serai.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is put comes back: from the form in memory and from the one on the topic. */
class CompactStatePropertyTest {

    @Property(tries = 300)
    void compact_form_returns_what_was_put(@ForAll("states") ConversationState state) {
        ConversationState read = CompactState.state(CompactState.of(state));

        assertSame(read, state);
        assertThat(CompactState.updatedAt(CompactState.of(state)))
                .isEqualTo(state.updatedAt().toEpochMilli());
    }

    @Property(tries = 200)
    void session_record_returns_what_was_written(@ForAll("states") ConversationState state) throws Exception {
        assertSame(SessionRecord.decode(SessionRecord.encode(state, List.of())).state(), state);
    }

    private static void assertSame(ConversationState read, ConversationState state) {
        assertThat(read).isEqualTo(state);
        // Which the equality of maps leaves open.
        assertThat(new ArrayList<>(read.sessions().entrySet()))
                .isEqualTo(new ArrayList<>(state.sessions().entrySet()));
        assertThat(new ArrayList<>(read.ends().entrySet()))
                .isEqualTo(new ArrayList<>(state.ends().entrySet()));
    }

    @Provide
    Arbitrary<ConversationState> states() {
        Arbitrary<LinkedHashMap<String, String>> sessions = Arbitraries.maps(ids(), ids())
                .ofMaxSize(20)
                .map((Map<String, String> drawn) -> new LinkedHashMap<>(drawn));
        Arbitrary<List<String>> eventIds = ids().list().ofMaxSize(20);
        Arbitrary<Instant> times = Arbitraries.longs()
                .between(0, Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli())
                .map(Instant::ofEpochMilli);
        Arbitrary<LinkedHashMap<String, FinalEnd>> ends = Arbitraries.maps(
                        ids(), Combinators.combine(ids(), times).as(FinalEnd::new))
                .ofMaxSize(20)
                .map((Map<String, FinalEnd> drawn) -> new LinkedHashMap<>(drawn));
        return Combinators.combine(sessions, eventIds, ends, times).as(ConversationState::new);
    }

    private static Arbitrary<String> ids() {
        Arbitrary<String> uuids =
                Arbitraries.longs().tuple2().map(bits -> new UUID(bits.get1(), bits.get2()).toString());
        Arbitrary<String> nearlyUuids = uuids.map(uuid -> uuid.substring(0, 35) + "F");
        Arbitrary<String> shortGroups =
                Arbitraries.strings().withChars("0123456789abcdef-").ofLength(36);
        Arbitrary<String> texts = Arbitraries.strings()
                .withCharRange(' ', '\ud7ff')
                .withCharRange('\ue000', '\ufffd')
                .ofMaxLength(300);
        return Arbitraries.oneOf(uuids, nearlyUuids, shortGroups, texts, texts.map(text -> text + "\ud83d\ude00"));
    }
}
