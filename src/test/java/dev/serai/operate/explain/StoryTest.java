package dev.serai.operate.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each way that an event can have gone, told from evidence alone. */
@Timeout(120)
class StoryTest {
    private static final String ROOM_OF_VISIT_1 = """
            {'status':'started','event_id':'visit-1','attempts':2,'request_trace_id':'req_c4e6','room_name':'room-8f7e',
             'session_id':'secret-1','token':'secret-2','character_session_id':'secret-3','expires_at':'2026-01-31T11:00:00Z',
             'enrichment':{'scene':{'status':'fresh'},'dynamic_info':{'status':'failed','source':'crm','notes':['status 500']}},
             'timings_ms':{'queued':1000,'enrich':20,'connect':900}}""";

    private static final String WAITS_FOR_A_SLOT = """
            {'event_id':'visit-2','record':'conversation.start-3@42','age_ms':34000,'held_ms':33990,'left_ms':86000,
             'step':{'kind':'gate','since_ms':33900,'text':'waits at the gate of tenant default at live.convai.com, held: as many sessions are open as max-sessions allows; waiting there: 5, calls under way: 0 of 8, slots taken: 30 of 30',
              'gate':{'name':'default at live.convai.com','hold':'sessions','cause':null,'waiting':5,'under_way':0,'limit':8,
               'slots_taken':30,'slots':30,'next_slot_at':'2026-01-31T10:01:22Z','ahead':2,
               'next':{'event_id':'visit-9','record':'conversation.start-0@7'}}}}""";

    private final SampleEvidence evidence = new SampleEvidence();

    private void visit1IsAnswered() {
        evidence.arrived(41, "visit-1", 42);
        evidence.answered(7, 39, ROOM_OF_VISIT_1);
    }

    private static String text(Story story) {
        return String.join("\n", StoryText.lines(story));
    }

    private static String state(Story story, int event) {
        return StoryJson.of(story).path("events").path(event).path("state").asText();
    }

    /** operations.md shows this one. */
    @Test
    void sampleOfTheDocument_isWhatIsTold() throws IOException {
        visit1IsAnswered();
        evidence.arrived(42, "visit-2", 34);
        evidence.held(WAITS_FOR_A_SLOT);

        String document = Files.readString(Path.of("src/docs/operations.md"));
        String section = document.substring(document.indexOf("## The story of one event: serai explain"));
        String sample = section.substring(section.indexOf("```text\n") + 8);

        assertThat(text(evidence.ofEvent("visit-2"))).isEqualTo(sample.substring(0, sample.indexOf("\n```")));
    }

    @Test
    void answered_saysCallsRoomAndTime_andNoSecret() {
        visit1IsAnswered();

        Story story = evidence.ofEvent("visit-1");

        assertThat(state(story, 0)).isEqualTo("answered");
        assertThat(text(story))
                .startsWith("Event visit-1 was answered with a room at 2026-01-31T10:00:03Z: room-8f7e\n")
                .contains("2 calls of POST /connect, request_trace_id req_c4e6")
                .contains("looked up     dynamic_info failed at source crm: status 500")
                .contains(
                        "queued and at the gate 1000 ms, looked up 20 ms, calls 900 ms, commit and reply 1080 ms, in all 3 s")
                .contains("Older records were not looked at");
        assertThat(text(story) + StoryJson.of(story)).doesNotContain("secret-");
    }

    @Test
    void roomThatIsOpen_saysUntilWhen_andOneThatHasIdled_thatItIsProbablyOver() {
        visit1IsAnswered();
        assertThat(text(evidence.ofEvent("visit-1"))).contains("room-8f7e, probably open");

        evidence.sessions = new SessionsSeen(
                List.of(new SessionsSeen.OpenSeen(
                        "visit-1",
                        "museum-guide",
                        SampleEvidence.NOW.minusSeconds(39),
                        SampleEvidence.NOW.plusSeconds(600),
                        false)),
                null,
                null);
        assertThat(text(evidence.ofEvent("visit-1")))
                .contains("open since 2026-01-31T10:00:03Z; the service ends it at 2026-01-31T10:10:42Z");
    }

    @Test
    void sentTwice_eachHasItsReply() {
        visit1IsAnswered();
        evidence.arrived(42, "visit-1", 20);
        evidence.answered(8, 19, ROOM_OF_VISIT_1.replace("'attempts':2", "'attempts':2,'repeated':true"));

        Story story = evidence.ofEvent("visit-1");

        assertThat(state(story, 0)).isEqualTo("answered");
        assertThat(state(story, 1)).isEqualTo("answered_again");
        assertThat(story.summary()).startsWith("event visit-1 was sent again, and given its room again");
        assertThat(text(story)).contains("sent also     2026-01-31T10:00:00Z, at conversation.start-3@41");
    }

    @Test
    void failed_expired_andDeadLetter_sayWhatToDo() {
        Arrival failed = evidence.arrived(41, "visit-1", 42);
        evidence.answered(
                7,
                39,
                "{'status':'failed','event_id':'visit-1','error':{'category':'quota_exhausted','detail':'used up'}}");
        assertThat(state(evidence.ofEvent("visit-1"), 0)).isEqualTo("failed");
        assertThat(evidence.ofEvent("visit-1").summary())
                .isEqualTo("event visit-1 came to nothing: quota_exhausted, used up");
        assertThat(evidence.ofEvent("visit-1").remedy()).isEqualTo("raise the plan, then replay");

        evidence.rejected(failed, "quota_exhausted", null);
        assertThat(state(evidence.ofEvent("visit-1"), 0)).isEqualTo("dead_letter");
        assertThat(evidence.ofEvent("visit-1").remedy())
                .isEqualTo("raise the plan, then replay (./serai dead-letters show conversation.dead-letters-0-5)");

        evidence.arrived(42, "visit-2", 30);
        evidence.answered(
                8, 20, "{'status':'failed','event_id':'visit-2','error':{'category':'expired','detail':'3 s late'}}");
        assertThat(state(evidence.ofEvent("visit-2"), 1)).isEqualTo("expired");
        assertThat(evidence.ofEvent("visit-2").summary()).isEqualTo("event visit-2 came too late: expired, 3 s late");
    }

    @Test
    void replayed_namesWhoHas() {
        Arrival failed = evidence.arrived(41, "visit-1", 42);
        evidence.rejected(
                failed, "provider_unavailable", new Rejection.ReplaySeen("r-1", "ada", "2026-01-31T10:00:40Z", "done"));

        Story story = evidence.ofEvent("visit-1");

        assertThat(state(story, 0)).isEqualTo("replayed");
        assertThat(story.summary())
                .endsWith(
                        "(provider_unavailable), and was published again by replay r-1 of ada, begun at 2026-01-31T10:00:40Z");
    }

    @Test
    void cancelled_namesTheEndEvent_orTheOneThatWasForGood() {
        evidence.arrived(41, "visit-1", 42);
        evidence.answered(7, 39, "{'status':'failed','event_id':'visit-1','error':{'category':'cancelled'}}");
        assertThat(evidence.ofEvent("visit-1").summary()).isEqualTo("event visit-1 was cancelled by an end event");

        evidence.sessions = new SessionsSeen(
                List.of(), new SessionsSeen.FinalEndSeen("for-good", SampleEvidence.NOW.minusSeconds(60)), null);
        assertThat(evidence.ofEvent("visit-1").summary())
                .endsWith("by end event for-good, which has ended the conversation for good at 2026-01-31T09:59:42Z");

        evidence.end(42, "hung-up", 30);
        assertThat(evidence.ofEvent("visit-1").summary())
                .endsWith("by end event hung-up (conversation.start-3@42, published at 2026-01-31T10:00:12Z)");
    }

    @Test
    void cancelledWithItsJob_namesTheJob_andNoEndEvent() {
        evidence.arrived(41, "visit-1", 42);
        evidence.end(42, "hung-up", 30);
        evidence.answered(
                7,
                39,
                "{'status':'failed','event_id':'visit-1','error':{'category':'cancelled','detail':'job j1 was cancelled at"
                        + " 2026-01-31T10:00:00Z, before there was a room'}}");

        Story story = evidence.ofEvent("visit-1");

        assertThat(story.summary())
                .isEqualTo("event visit-1 was cancelled: job j1 was cancelled at 2026-01-31T10:00:00Z,"
                        + " before there was a room");
        assertThat(story.remedy()).startsWith("nothing: whoever cancelled the job");
    }

    @Test
    void doneWithoutAReply_saysWhereThatMayBe() {
        evidence.arrived(41, "visit-1", 42);
        assertThat(state(evidence.ofEvent("visit-1"), 0)).isEqualTo("answered_reply_gone");
        assertThat(evidence.ofEvent("visit-1").summary()).contains("there is no reply to it on conversation.replies");

        evidence.replyRetention = Duration.ofSeconds(10);
        assertThat(evidence.ofEvent("visit-1").summary())
                .endsWith("replies are kept for 10 s (serai.kafka.reply-retention), and it was published 42 s ago");

        evidence.transactions.add(
                new OpenTransaction(new Position(SampleEvidence.REPLIES, 1, 9), "serai-0", 7, Duration.ofMinutes(3)));
        Story story = evidence.ofEvent("visit-1");
        assertThat(state(story, 0)).isEqualTo("reply_held_back");
        assertThat(story.summary())
                .contains("an open transaction of serai-0 (producer 7) holds conversation.replies-1 back");
        assertThat(story.remedy()).contains("--start-offset 9");
    }

    @Test
    void readByNobody_saysWhyAndHowMuchIsBefore() {
        evidence.arrived(41, "visit-1", 42);
        evidence.group = SampleEvidence.group(0, null, 30L);
        assertThat(evidence.ofEvent("visit-1").summary())
                .isEqualTo(
                        "event visit-1 was read by nobody: no service runs in the group serai; 11 offsets before it in its"
                                + " partition are not answered");
        assertThat(evidence.ofEvent("visit-1").remedy()).startsWith("start one with ./serai run");

        evidence.group = new GroupSeen("serai", 3, 1, true, null, null, 43, null, false);
        assertThat(evidence.ofEvent("visit-1").summary())
                .contains(
                        "no replica has its partition conversation.start-3, though the group serai has 1 member, and gives its"
                                + " partitions out just now");
        assertThat(state(evidence.ofEvent("visit-1"), 0)).isEqualTo("not_read");
    }

    @Test
    void notAnswered_saysWhetherAServiceWasAsked() {
        evidence.arrived(41, "visit-1", 42);
        evidence.group = SampleEvidence.group(1, "serai-0 at /10.0.0.7", 41L);
        evidence.services.add(ServiceSeen.unreachable("127.0.0.1:8080", "no service answers"));
        Story story = evidence.ofEvent("visit-1");
        assertThat(state(story, 0)).isEqualTo("not_answered");
        assertThat(story.remedy()).contains("--at HOST:PORT");
        assertThat(text(story)).contains("Not asked: 127.0.0.1:8080, no service answers");

        evidence.services.clear();
        evidence.services.add(ServiceSeen.of("127.0.0.1:8080", SampleEvidence.json("{'events':[]}"), "kafka: is away"));
        story = evidence.ofEvent("visit-1");
        assertThat(state(story, 0)).isEqualTo("not_read");
        assertThat(story.summary())
                .contains("none of the services that were asked holds it", "not healthy: kafka: is away");

        evidence.transactions.add(
                new OpenTransaction(new Position("conversation.sessions", 3, 9), "serai-0", 7, Duration.ofMinutes(3)));
        assertThat(evidence.ofEvent("visit-1").summary()).contains("the partition waits to be taken over");
        assertThat(evidence.ofEvent("visit-1").remedy()).contains("abort --topic conversation.sessions --partition 3");

        evidence.group = GroupSeen.unseen("serai", 3, new GroupAuthorizationException("not authorized", "serai"));
        assertThat(evidence.ofEvent("visit-1").summary())
                .contains("whether it was read cannot be seen: not authorized");
        assertThat(evidence.ofEvent("visit-1").remedy()).contains("DESCRIBE the group serai");

        evidence.group = GroupSeen.unseen("serai", 3, new TimeoutException("timed out"));
        assertThat(evidence.ofEvent("visit-1").summary()).contains("whether it was read cannot be seen: timed out");
        assertThat(evidence.ofEvent("visit-1").remedy())
                .contains("./serai doctor --only groups,broker")
                .doesNotContain("DESCRIBE");
    }

    @Test
    void conversation_isAboutTheFirstThatWaits_orElseTheLast() {
        visit1IsAnswered();
        Question conversation = new Question.OfConversation("learner-1".getBytes(UTF_8), "learner-1");
        assertThat(evidence.of(conversation).summary()).startsWith("event visit-1 was answered");

        evidence.arrived(42, "visit-2", 34);
        evidence.arrived(43, "visit-3", 30);
        evidence.held(WAITS_FOR_A_SLOT);
        assertThat(evidence.of(conversation).summary())
                .isEqualTo(
                        "event visit-2 waits for a slot of the plan (default at live.convai.com): 30 of 30 taken, the next"
                                + " is expected in 40 s; 2 in line are wanted sooner, for 33 s");
    }

    @Test
    void gateHolds_eachHaveTheirRemedy() {
        evidence.arrived(42, "visit-2", 34);
        for (String[] hold : new String[][] {
            {"cool_down", "waits for a slot of the plan", "end sessions that nobody needs, or buy more slots"},
            {"credentials", "waits at the gate", "write an API key"},
            {"quota", "waits at the gate", "raise the plan"},
            {"outage", "waits at the gate", "wait for the provider, and do not restart"},
            {"concurrency", "waits at the gate", "nothing, or raise serai.connect.max-concurrent"},
            {"rate", "waits at the gate", "nothing, or raise serai.connect.max-concurrent"}
        }) {
            evidence.services.clear();
            evidence.held(WAITS_FOR_A_SLOT.replace("'hold':'sessions'", "'hold':'" + hold[0] + "'"));
            Story story = evidence.ofEvent("visit-2");
            assertThat(story.summary()).as(hold[0]).contains(hold[1]);
            assertThat(story.remedy()).as(hold[0]).startsWith(hold[2]);
        }
    }

    @Test
    void rawRecord_saysWhetherItsIntakeIsDone() {
        evidence.raw.add(new RawSeen(new Position("calls.raw", 0, 3), SampleEvidence.NOW, "phone", false));
        Story story = evidence.ofEvent("call-1");
        assertThat(story.found()).isTrue();
        assertThat(story.summary())
                .isEqualTo(
                        "event call-1 is named by the raw record calls.raw-0@3, which intake phone has not mapped yet");
    }

    @Test
    void replyWhoseEventIsGone_isTold() {
        evidence.answered(7, 39, ROOM_OF_VISIT_1);
        Story story = evidence.of(new Question.OfRoom("room-8f7e"));
        assertThat(story.found()).isTrue();
        assertThat(story.summary())
                .contains("its record is not on conversation.start any more", "visit-1 was answered");
    }

    @Test
    void json_hasWhatTheTextHas() {
        visit1IsAnswered();
        evidence.arrived(42, "visit-2", 34);
        evidence.held(WAITS_FOR_A_SLOT);

        JsonNode json = StoryJson.of(evidence.ofEvent("visit-2"));

        assertThat(json.path("about").asText()).isEqualTo("conversation.start-3@42");
        assertThat(json.at("/events/1/waits/gate/slots").asInt()).isEqualTo(30);
        assertThat(json.at("/events/1/waits/gate/next").asText()).isEqualTo("visit-9 (conversation.start-0@7)");
        assertThat(json.at("/events/0/reply/request_trace_id").asText()).isEqualTo("req_c4e6");
        assertThat(json.at("/events/0/timings_ms/total").asLong()).isEqualTo(3_000);
        assertThat(json.at("/looked_through/topics/0/records").asLong()).isEqualTo(1204);
    }

    /** Of a conversation whose records are older than what was looked at. */
    @Test
    void lastReplyWithoutItsRecord_isToldAsWhatItIs() {
        var conversation = new Question.OfConversation(new byte[] {1}, "learner-1");
        evidence.answered(7, 39, "{'status':'ended','event_id':'bye','sessions_ended':1,'sessions_left':0}");
        Story story = evidence.of(conversation);
        assertThat(story.summary())
                .contains("event bye has ended its conversation at")
                .doesNotContain("null");
        assertThat(story.remedy()).isEqualTo("nothing");

        evidence.answers.clear();
        evidence.answered(7, 39, "{'status':'failed','event_id':'visit-1','error':{'category':'cancelled'}}");
        assertThat(evidence.of(conversation).summary()).contains("event visit-1 was cancelled by an end event");

        evidence.answers.clear();
        evidence.answered(7, 39, "{'status':'failed','event_id':'visit-1','error':{'category':'expired'}}");
        assertThat(evidence.of(conversation).summary()).contains("event visit-1 came too late: expired");
    }

    @Test
    void partitionsThatCouldNotBeLookedAt_areNamed_andNothingIsConcludedFromThem() {
        evidence.unseen.put(SampleEvidence.REPLIES + "-1", "has no leader");

        Story nowhere = evidence.ofEvent("visit-1");
        assertThat(nowhere.found()).isFalse();
        assertThat(nowhere.remedy()).contains(SampleEvidence.REPLIES + "-1", "./serai doctor --only partitions");
        assertThat(StoryText.lines(nowhere)).contains("Not looked at: " + SampleEvidence.REPLIES + "-1 has no leader");
        assertThat(StoryJson.of(nowhere)
                        .at("/not_looked_at/" + SampleEvidence.REPLIES + "-1")
                        .asText())
                .isEqualTo("has no leader");

        evidence.arrived(41, "visit-1", 42);
        Story answered = evidence.ofEvent("visit-1");
        assertThat(answered.summary()).contains("its reply can be on partitions of " + SampleEvidence.REPLIES);
        assertThat(answered.remedy()).contains(SampleEvidence.REPLIES + "-1");
    }

    @Test
    void recordAmongTheRepliesThatIsNone_isToldAsSuch() {
        var conversation = new Question.OfConversation(new byte[] {1}, "learner-1");
        evidence.answered(7, 39, "no JSON at all");

        Story story = evidence.of(conversation);

        assertThat(story.summary())
                .contains("conversation.replies-1@7 is no reply of this service")
                .doesNotContain("null");
        assertThat(story.remedy()).contains("who writes to conversation.replies");
    }

    @Test
    void failedReplyThatGivesNoReason_isToldWithoutNull() {
        evidence.arrived(41, "visit-1", 42);
        evidence.answered(7, 39, "{'status':'failed','event_id':'visit-1'}");

        assertThat(evidence.ofEvent("visit-1").summary())
                .isEqualTo("event visit-1 came to nothing: its reply does not say why");
    }

    /** The time was over before the replies' turn came. */
    @Test
    void repliesThatWereNotLookedThrough_areNotSaidToBeGone() {
        evidence.arrived(41, "visit-1", 42);
        evidence.looked.set(1, new Looked(SampleEvidence.REPLIES, "", 1, 0, false, false));

        Story story = evidence.ofEvent("visit-1");

        assertThat(story.summary())
                .isEqualTo(
                        "event visit-1 is done with, and its reply was not looked for to the end: the time was over before"
                                + " all of conversation.replies was looked through");
        assertThat(story.remedy()).contains("--timeout");
    }

    @Test
    void sentAgainWhenTheFirstReplyIsGone_theReplyIsThatOfTheSecond() {
        evidence.replyRetention = Duration.ofHours(1);
        evidence.arrived(41, "visit-1", 3 * 3600);
        evidence.arrived(42, "visit-1", 42);
        evidence.answered(7, 39, ROOM_OF_VISIT_1);
        evidence.group = SampleEvidence.group(1, "serai-0 at /10.0.0.7", 43L);

        Story story = evidence.ofEvent("visit-1");

        assertThat(state(story, 0)).isEqualTo("answered_reply_gone");
        assertThat(state(story, 1)).isEqualTo("answered");
        assertThat(story.summary()).startsWith("event visit-1 was answered with a room at");
    }

    @Test
    void rowOfAProvisioningJob_namesTheJob() {
        evidence.arrived(41, "20261126-0815-k3x9q2vb/17/learner 9", 42);
        Story story = evidence.ofEvent("20261126-0815-k3x9q2vb/17/learner 9");
        assertThat(text(story))
                .contains(
                        "row           17 of job 20261126-0815-k3x9q2vb: ./serai provision status 20261126-0815-k3x9q2vb");
        assertThat(StoryJson.of(story).at("/events/0/job").asText()).isEqualTo("20261126-0815-k3x9q2vb");

        evidence.arrivals.clear();
        evidence.arrived(41, "visits/17", 42);
        assertThat(text(evidence.ofEvent("visits/17"))).doesNotContain(" of job ");

        evidence.arrivals.clear();
        evidence.arrived(43, "folder-0123456789abcdef01234567/18/anna", 44);
        assertThat(text(evidence.ofEvent("folder-0123456789abcdef01234567/18/anna")))
                .contains("row           18 of job folder-0123456789abcdef01234567: ./serai provision status");
    }

    /** A room's name stands in its reply alone. */
    @Test
    void roomThatIsOlderThanRepliesAreKept_isToldThatItCannotBeFound() {
        Story story = evidence.of(new Question.OfRoom("room-of-yesterday"));

        assertThat(story.found()).isFalse();
        assertThat(story.summary())
                .isEqualTo("room room-of-yesterday is on none of the topics that were looked through");
        assertThat(story.remedy()).contains("replies are kept for 60 min (serai.kafka.reply-retention)", "--key KEY");
    }
}
