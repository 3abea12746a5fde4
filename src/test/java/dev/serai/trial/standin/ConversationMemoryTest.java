package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.standin.ConversationMemory.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConversationMemoryTest {

    private final ConversationMemory memory = new ConversationMemory(2);

    @Test
    void conversationUsedLeastRecently_isForgottenFirst() {
        String first = memory.make(1, "ada");
        String second = memory.make(1, "ada");
        memory.knows(first, 1, "ada");

        memory.make(1, "ada");

        assertThat(memory.knows(first, 1, "ada")).isEqualTo(Known.YES);
        assertThat(memory.knows(second, 1, "ada")).isEqualTo(Known.NO);
    }

    @Test
    void conversationOfAnotherAccount_isForeign() {
        String conversation = memory.make(1, "ada");

        assertThat(memory.knows(conversation, 2, "ada")).isEqualTo(Known.FOREIGN);
        assertThat(memory.knows(conversation, 1, "bob")).isEqualTo(Known.NO);
    }
}
