"""What is done to roadmaps, by noun. An action does one thing wholly or not at all, says who (`by=`) and when (`at=`),
refuses in plain French, and leaves a line in the journal. Import the noun: `from …roadmaps.actions import follow_up`.
"""
