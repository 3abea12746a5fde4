package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SeenReplyTest {
    private static SeenReply read(String json) throws IOException {
        return SeenReply.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fields_areFoundInAnyOrder() throws Exception {
        assertThat(read("{'other':{'event_id':'x'},'session_id':'s','event_id':'event-1'}"))
                .isEqualTo(new SeenReply("event-1", true));
        assertThat(read("{'event_id':'event-1','list':[1],'session_id':'s'}"))
                .isEqualTo(new SeenReply("event-1", true));
    }

    @Test
    void replyWithoutSession_isNotStarted() throws Exception {
        assertThat(read("{'event_id':'event-1','error':{'session_id':'s'}}"))
                .isEqualTo(new SeenReply("event-1", false));
        assertThat(read("{'event_id':'event-1','session_id':null}")).isEqualTo(new SeenReply("event-1", false));
    }

    @Test
    void replyWithoutEventId_isRefused() {
        assertThatThrownBy(() -> read("{'session_id':'s'}")).isInstanceOf(IOException.class);
    }
}
