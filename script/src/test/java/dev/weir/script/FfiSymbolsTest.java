package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.script.ffi.FfiScripts;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Is there something behind each function that the declarations have? */
class FfiSymbolsTest {
    @Test
    void eachIsThere() throws Exception {
        List<String> names;
        try (InputStream in = FfiScripts.class.getResourceAsStream("interface.h")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            names = Pattern.compile("(dnsdist_ffi_\\w+)\\(")
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .map(name -> name.substring(0, name.length() - 1))
                    .toList();
        }
        assertThat(names).hasSize(204).doesNotHaveDuplicates();
        World world = new World().with("ffi = require('ffi')");
        for (String name : names) {
            assertThat(world.ask("type(ffi.C." + name + ")")).as(name).isEqualTo("cdata\n");
        }
    }
}
