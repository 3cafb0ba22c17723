package dev.weir.web.console;

import java.util.List;

/** What TAB offers at a prompt. */
@FunctionalInterface
public interface LineCompletion {
    /** Nothing. */
    LineCompletion NONE = typed -> List.of();

    /**
     * Words that may stand in place of the name that was begun at the end of a line.
     *
     * @param typed the line up to the cursor
     */
    List<String> after(String typed);
}
