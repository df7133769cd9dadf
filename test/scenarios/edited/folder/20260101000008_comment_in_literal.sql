select '-- no comment';
